"""What becomes of a letter when its booking ends."""

from __future__ import annotations

from datetime import datetime

from ...foundation.signals import booking_changed
from ...identity.models import Person
from ..models import Booking
from ..rules import Action
from . import to_do
from .services import end_letters_of


def connect() -> None:
    """Listen, and tell the inbox what was asked for. Connecting again changes nothing."""
    to_do.connect()
    booking_changed.connect(_booking_changed)


def _booking_changed(
    booking: Booking, *, action: Action, by: Person | None, at: datetime, **_: object
) -> None:
    end_letters_of(booking, action, by, at)
