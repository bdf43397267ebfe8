"""What access refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..foundation.errors import Refusal


class NotEligible(Refusal):
    """The person may not use this instrument yet; `conditions` tells what is met and what not."""

    code = "not_eligible"
    status = 403
    message = lazy_gettext("You do not meet every condition for this instrument yet.")


class AgreementNotUsable(Refusal):
    """The agreement that was named does not cover this person, this instrument or this day."""

    code = "agreement_not_usable"
    status = 422
    message = lazy_gettext(
        "This agreement does not cover this instrument for you on that day. "
        "Choose another one or none."
    )

    def __init__(self) -> None:
        super().__init__(fields={"agreement": self.message})


class WrongAgreementState(Refusal):
    """The agreement's state does not allow this step."""

    code = "wrong_state"
    status = 409
    message = lazy_gettext("The agreement's state does not allow this. Look at it again.")


class NotReady(NotEligible):
    """A condition that was met when the booking was made is no longer; the message says which."""

    code = "not_ready"


class NobodyToAsk(Refusal):
    """The person's institution has no liaison here, or has vouched for them already."""

    code = "nobody_to_ask"
    message = lazy_gettext("There is nobody to ask: look at what this page says.")


class AskedAlready(Refusal):
    """The liaisons were asked within the last day."""

    code = "asked_already"
    message = lazy_gettext("Your liaison was asked already. Ask again tomorrow.")
