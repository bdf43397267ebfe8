"""What giving roles refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class NobodyThere(Refusal):
    """No account has this mail address."""

    code = "no_such_person"
    status = 422
    message = lazy_gettext(
        "Nobody with this e-mail address has an account. Ask them to sign up first."
    )

    def __init__(self) -> None:
        super().__init__(fields={"email": self.message})


class RoleDoesNotFit(Refusal):
    """The role does not exist at places of this kind."""

    code = "role_does_not_fit"
    status = 422
    message = lazy_gettext("This role cannot be given for this place. Choose another one.")

    def __init__(self) -> None:
        super().__init__(fields={"role": self.message})
