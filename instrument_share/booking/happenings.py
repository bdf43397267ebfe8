"""What happens around a booking besides its lifecycle, and is told to people by a message."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ..foundation.signals import happened
from ..identity.models import Person
from .models import Booking


class Happening(StrEnum):
    """A fact about a booking; who is told of it is notification's table."""

    LETTER_ASKED = "letter_asked"
    LETTER_ISSUED = "letter_issued"
    LETTER_REVOKED = "letter_revoked"
    SAMPLE_SENT = "sample_sent"
    SAMPLE_RECEIVED = "sample_received"
    SAMPLE_MEASURED = "sample_measured"
    SAMPLE_KEPT = "sample_kept"
    SAMPLE_RETURNED = "sample_returned"
    SAMPLE_DESTROYED = "sample_destroyed"
    CONNECTION_READY = "connection_ready"
    ON_DUTY = "on_duty"
    CHECKS_OPEN = "checks_open"
    CHECKS_OPEN_ON_DUTY = "checks_open_on_duty"
    DATA_READY = "data_ready"


def tell_of(
    booking: Booking,
    what: Happening,
    *,
    by: Person | None,
    at: datetime,
    detail: str = "",
    comment: str = "",
) -> None:
    """Let the floors above tell people.

    `detail` names the thing (a number, a sample, codes of checks), `comment` is what was typed.
    """
    happened.send(booking, what=what, by=by, at=at, detail=detail, comment=comment)
