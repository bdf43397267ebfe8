"""What notification writes when something happens on the floors below."""

from __future__ import annotations

from . import own_data, to_do
from .about import accounts, bookings, calls, instruments, projects, quotas, screenings, training


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    for subject in (accounts, bookings, calls, instruments, projects, quotas, screenings, training):
        subject.connect()
    to_do.connect()
    own_data.connect()
