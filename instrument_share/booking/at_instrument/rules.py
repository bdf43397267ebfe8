"""Which bookings a label and a gate are about, as pure functions."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from ..rules import EARLY_START, State

#: So far ahead a label shows the next booking, and the operators' list.
AHEAD, OPERATORS_AHEAD = timedelta(days=30), timedelta(hours=24)


class Gate(StrEnum):
    """Why a gate opens, or stays shut."""

    IN_USE = "in_use"  # open
    BOOKED = "booked"  # open: the booked time has come
    FAR = "far"  # shut: the next booking has still to come
    NONE = "none"  # shut: there is no booking


def gate_of(state: str, starts_at: datetime, ends_at: datetime, at: datetime) -> Gate:
    """Whether the gate opens for a booking: while it is in use, and from half an hour before its time to its end."""
    if state == State.IN_USE:
        return Gate.IN_USE
    if state != State.CONFIRMED or at >= ends_at:
        return Gate.NONE
    return Gate.BOOKED if at >= starts_at - EARLY_START else Gate.FAR


def opens(gate: Gate) -> bool:
    return gate in (Gate.IN_USE, Gate.BOOKED)
