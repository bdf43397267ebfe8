"""What is refused after a use."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class NotUsed(Refusal):
    """Only what was used has feedback and results."""

    code = "not_used"
    message = lazy_gettext("This booking was not used, so there is nothing to tell about it.")


class AlreadyGiven(Refusal):
    code = "already_given"
    message = lazy_gettext("You have given feedback on this booking already. Thank you.")


class AlreadyReported(Refusal):
    """The DOI stands with this booking."""

    code = "already_reported"
    status: ClassVar[int] = 409
    message = lazy_gettext("This publication is reported for this booking already.")


class NotContestable(Refusal):
    code = "not_contestable"
    message = lazy_gettext("This entry was contested already, or no longer counts.")


class NotContested(Refusal):
    code = "not_contested"
    message = lazy_gettext("Nothing is contested here, or it was decided already.")
