"""What a worker does again and again. Each floor lists its own in `chores.py`; the worker runs them all.

Several workers may do the same chore at once, and any of them may die in the middle of it. So whatever is due is done
in a transaction of its own that first claims the row: another worker passes over a row that is claimed, and the
claim of a dead one is gone with its transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import Select

from .database import db
from .transaction import perform

log = structlog.get_logger("instrument_share.worker")

#: So many rows that fail in one turn are no accident of a row: the turn ends with the last failure.
_MOST_FAILURES = 100


@dataclass(frozen=True, slots=True)
class Shift:
    """A worker's turn: its name, the clock it goes by, and whether it should stop or let another chore have a turn."""

    worker: str
    now: Callable[[], datetime]
    is_over: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done again and again, `every` so many seconds. `run` returns how much it did."""

    name: str
    every: float
    run: Callable[[Shift], int]


#: Keys of rows that are due at a moment, the most urgent first, a page at most, without those that are given.
Due = Callable[[datetime, Collection[int]], Sequence[int]]
#: Claims a row and does what is due; False where another worker has it or has done it.
Do = Callable[[int, datetime], bool]


def one_by_one(due: Due, do: Do) -> Callable[[Shift], int]:
    """A chore's `run`: everything that is due, each in a transaction of its own, until nothing is left.

    A row that fails is logged, passed over, and tried again in the next turn: it holds up no other.
    """

    def run(shift: Shift) -> int:
        done, failed = 0, set[int]()
        while not shift.is_over():
            before = done, len(failed)
            for key in due(shift.now(), failed):
                if shift.is_over():
                    break
                done += _tried(do, key, shift, failed)
            if before == (done, len(failed)):
                break  # nothing is due, or others are at it
        return done

    return run


Row = TypeVar("Row")


def claimed(query: Select[Row]) -> Row | None:
    """The one row of a query, read anew and locked until the end of the transaction.

    None where it is no longer as the query wants it, or another worker has it. Only the first entity is locked, so that
    what is loaded with it stays free.
    """
    entity = query.column_descriptions[0]["entity"]
    return db.session.scalar(
        query.with_for_update(of=entity, skip_locked=True).execution_options(populate_existing=True)
    )


def in_batches(service: Callable[[datetime], int]) -> Callable[[Shift], int]:
    """A chore's `run`: the service, which does a batch at a moment and says how much it did, until nothing is left."""

    def run(shift: Shift) -> int:
        total = 0
        while not shift.is_over() and (done := perform(service, shift.now())):
            total += done
        return total

    return run


def _tried(do: Do, key: int, shift: Shift, failed: set[int]) -> bool:
    try:
        return perform(do, key, shift.now())
    except Exception as error:
        failed.add(key)
        if len(failed) >= _MOST_FAILURES:
            raise
        log.exception("worker", row=key, exc_info=error)
        return False
