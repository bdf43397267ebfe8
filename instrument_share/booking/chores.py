"""What the worker does with bookings."""

from __future__ import annotations

from functools import partial

from ..foundation.chores import Chore, in_batches, one_by_one
from .services.due import (
    DECISION_REMINDERS,
    EXPIRY,
    NO_SHOWS,
    REMINDERS,
    Duty,
    do_due,
    due_bookings,
)
from .waiting.services import close_over, sweep, tell_watchers


def _chore(name: str, every: float, duty: Duty) -> Chore:
    return Chore(name, every, one_by_one(partial(due_bookings, duty), partial(do_due, duty)))


CHORES = (
    _chore("expired holds", 30, EXPIRY),
    _chore("no-shows", 60, NO_SHOWS),
    _chore("reminders", 60, REMINDERS),
    _chore("reminders to decide", 60, DECISION_REMINDERS),
    Chore("offered time", 30, lambda shift: sweep(shift.now())),
    Chore("waiting list entries over", 600, in_batches(close_over)),
    Chore("freed-time alerts", 60, in_batches(tell_watchers)),
)
