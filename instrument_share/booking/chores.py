"""What the worker does with bookings."""

from __future__ import annotations

from functools import partial

from ..foundation.chores import Chore, Shift, one_by_one
from ..foundation.transaction import perform
from .services.due import (
    DECISION_REMINDERS,
    EXPIRY,
    NO_SHOWS,
    REMINDERS,
    Duty,
    do_due,
    due_bookings,
)
from .waiting import services as waiting


def _chore(name: str, every: float, duty: Duty) -> Chore:
    return Chore(name, every, one_by_one(partial(due_bookings, duty), partial(do_due, duty)))


def _end_waits(shift: Shift) -> int:
    """Waits whose window has passed, and freed time that nobody is told of any more."""
    ended = perform(waiting.close_over, shift.now())
    return ended + perform(waiting.forget_freed, shift.now())


CHORES = (
    _chore("expired holds", 30, EXPIRY),
    Chore("offered time", 30, one_by_one(waiting.due_lines, waiting.sweep_line)),
    Chore("freed-time alerts", 60, one_by_one(waiting.due_watches, waiting.tell_watcher)),
    Chore("ended waits", 600, _end_waits),
    _chore("no-shows", 60, NO_SHOWS),
    _chore("reminders", 60, REMINDERS),
    _chore("reminders to decide", 60, DECISION_REMINDERS),
)
