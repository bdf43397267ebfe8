"""What the catalogue refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..foundation.errors import Refusal


class NotInService(Refusal):
    """The instrument is out of service or retired; nobody books it."""

    code = "instrument_not_in_service"
    status = 422
    message = lazy_gettext("This instrument is not in service. Choose another one.")

    def __init__(self) -> None:
        super().__init__(fields={"instrument": self.message})
