"""Bookings in the way of what takes an instrument's time without being a closure: a training."""

from __future__ import annotations

from ...foundation.signals import time_returned, time_taken
from . import services


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    time_taken.connect(services.meet)
    time_returned.connect(services.spare)
