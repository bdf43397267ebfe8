"""What the worker does for the house itself."""

from __future__ import annotations

from datetime import timedelta

from ..foundation.chores import Chore, Shift
from ..foundation.transaction import perform
from . import workers
from .idempotency import forget_before
from .openid.attempts import forget_attempts
from .sessions.rules import LONGEST
from .sessions.services import forget_sessions_before

#: How long the answer to a request with an Idempotency-Key can be asked for again.
_ANSWERS_KEPT = timedelta(days=2)


def _note_seen(shift: Shift) -> int:
    perform(workers.note_seen, shift.worker, at=shift.now())
    return 0


def _forget_answers(shift: Shift) -> int:
    return perform(forget_before, shift.now() - _ANSWERS_KEPT)


def _forget_sessions(shift: Shift) -> int:
    return perform(forget_sessions_before, shift.now() - LONGEST)


def _forget_attempts(shift: Shift) -> int:
    return perform(forget_attempts, at=shift.now())


CHORES = (
    Chore("sign of life", 20, _note_seen),
    Chore("forgotten answers", 3600, _forget_answers),
    Chore("forgotten sessions", 3600, _forget_sessions),
    Chore("forgotten sign-ins", 3600, _forget_attempts),
)
