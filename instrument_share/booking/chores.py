"""What the worker does with bookings."""

from __future__ import annotations

from functools import partial

from ..foundation.chores import Chore, in_batches, one_by_one
from .afterwards import services as afterwards
from .remote.reminding import OPEN_CHECKS
from .services.due import (
    DECISION_REMINDERS,
    EXPIRY,
    NO_SHOWS,
    REMINDERS,
    SILENCE,
    Duty,
    do_due,
    due_bookings,
)
from .waiting import services as waiting


def _chore(name: str, every: float, duty: Duty) -> Chore:
    return Chore(name, every, one_by_one(partial(due_bookings, duty), partial(do_due, duty)))


CHORES = (
    _chore("expired holds", 30, EXPIRY),
    Chore("offered time", 30, one_by_one(waiting.due_lines, waiting.sweep_line)),
    Chore("freed-time alerts", 60, one_by_one(waiting.due_watches, waiting.tell_watcher)),
    Chore("waiting list entries over", 600, in_batches(waiting.close_over)),
    Chore("forgotten freed time", 3600, in_batches(waiting.forget_freed)),
    _chore("no-shows", 60, NO_SHOWS),
    Chore("results awaited", 600, one_by_one(afterwards.due_results, afterwards.pursue)),
    _chore("reminders", 60, REMINDERS),
    _chore("reminders of checks", 60, OPEN_CHECKS),
    _chore("unanswered decisions", 60, SILENCE),
    _chore("reminders to decide", 60, DECISION_REMINDERS),
)
