"""When a connection is shown to whom, as pure functions."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from ..rules import State

#: While a booking is in one of these its connection is prepared and used.
CONNECTING = frozenset({State.CONFIRMED, State.IN_USE})


class Check(StrEnum):
    """What is looked at before the day."""

    NETWORK = "network"
    PROGRAM = "program"
    SAMPLES = "samples"
    CONTACT = "contact"


def opens_at(starts_at: datetime, opens_minutes: int) -> datetime:
    return starts_at - timedelta(minutes=opens_minutes)


def is_shown(
    state: str, starts_at: datetime, ends_at: datetime, opens_minutes: int, at: datetime
) -> bool:
    """Whether the applicant sees how to connect: from the window's begin to the end, and as long as the use runs."""
    if state == State.IN_USE:
        return True
    return state == State.CONFIRMED and opens_at(starts_at, opens_minutes) <= at < ends_at
