"""What the second factor refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class SecondFactorDue(Refusal):
    """The account must have a second factor before anything else."""

    code = "second_factor_due"
    status = 403
    message = lazy_gettext(
        "Your role needs a second factor. Set it up on the page of your account first."
    )


class CodeMissing(Refusal):
    """The account has a second factor, and no code was given."""

    code = "otp_required"
    status = 422
    message = lazy_gettext("This account has a second factor. Give its code, too.")
    fields = {"otp": message}


class CodeWrong(Refusal):
    """The code is not right, was used before, or is too old."""

    code = "otp_wrong"
    status = 422
    message = lazy_gettext(
        "This code is not right, or was used already. Wait for the next one and try again."
    )


class CodesPaused(Refusal):
    """Too many wrong codes in a row."""

    code = "otp_paused"
    status = 429
    message = lazy_gettext("Too many wrong codes. Wait a quarter of an hour and try again.")


class StillRequired(Refusal):
    code = "second_factor_required"
    status = 409
    message = lazy_gettext("Your role needs a second factor. You cannot turn it off.")


class AlreadySetUp(Refusal):
    """The draft of a second factor is left in some browser, and the account has one since."""

    code = "second_factor_present"
    status = 409
    message = lazy_gettext(
        "This account has a second factor already. Turn it off with its code before you set up another one."
    )


class NoSecondFactor(Refusal):
    code = "no_second_factor"
    status = 409
    message = lazy_gettext("This account has no second factor.")
