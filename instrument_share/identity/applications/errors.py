"""What applications of institutions refuse, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class AlreadyHere(Refusal):
    """The ROR or a mail domain is that of an institution that takes part already; `field` says which."""

    code = "institution_already_here"
    status = 409
    message = lazy_gettext(
        "This belongs to an institution that takes part already. Ask its liaison to vouch for you."
    )

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: self.message})


class StillWaiting(Refusal):
    """The person has an application that is not decided yet."""

    code = "application_waiting"
    status = 409
    message = lazy_gettext(
        "Your application waits to be decided. You get a mail; you need not send it again."
    )


class AlreadyDecided(Refusal):
    """Somebody has decided on the application meanwhile."""

    code = "application_decided"
    status = 409
    message = lazy_gettext("This application is decided already. Look at it again.")


class ReasonMissing(Refusal):
    """Nobody is declined without being told why."""

    code = "reason_missing"
    status = 422
    message = lazy_gettext("Say why: the applicant reads it.")

    def __init__(self) -> None:
        super().__init__(fields={"comment": self.message})
