"""What takes an instrument's time without being a closure, a training, is looked at from its bookings, too."""

from __future__ import annotations

from ...catalogue.closing import taking
from . import services


def connect() -> None:
    """Say how. Connecting again changes nothing."""
    taking.register(services.watched)
