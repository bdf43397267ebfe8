"""What vouching refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class FaultyList(Refusal):
    """A list is taken whole or not at all."""

    code = "faulty_list"
    status = 422
    message = lazy_gettext("Some cells of the list are wrong. Nothing was written.")


class HoldsOffice(Refusal):
    """Whoever holds more than a researcher's role is an administrator's to suspend."""

    code = "holds_office"
    status = 409
    message = lazy_gettext(
        "This person holds an office here. Only an administrator of this site can suspend the account."
    )


class NotYourSuspension(Refusal):
    """What somebody else decided, they or an administrator take back."""

    code = "not_your_suspension"
    status = 409
    message = lazy_gettext(
        "You did not suspend this account. Only an administrator of this site can open it again."
    )
