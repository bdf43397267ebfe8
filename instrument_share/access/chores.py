"""What the worker does about who may use what."""

from __future__ import annotations

from ..foundation.chores import Chore, one_by_one
from .calls.reminding import CHORES as CALLS
from .training.services.reminding import due_reminders, remind

CHORES = (
    Chore("qualifications that run out", 3600, one_by_one(due_reminders, remind)),
    *CALLS,
)
