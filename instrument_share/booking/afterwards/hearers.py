"""What is noted when a booking ends: that results are awaited, or that a time was not used."""

from __future__ import annotations

from datetime import datetime

from ...foundation.signals import booking_changed
from ..models import Booking
from ..rules import Action
from . import credit, services, to_do
from .rules import Breach


def connect() -> None:
    """Listen, and tell the inbox. Connecting again changes nothing."""
    booking_changed.connect(_booking_changed)
    to_do.connect()


def _booking_changed(booking: Booking, *, action: Action, at: datetime, **_: object) -> None:
    if action == Action.FINISH:
        services.begin(booking, at)
    elif action == Action.MARK_NO_SHOW:
        credit.note(booking, Breach.NO_SHOW, at)
    elif action == Action.CANCEL and booking.late:
        credit.note(booking, Breach.LATE_CANCELLATION, at)
