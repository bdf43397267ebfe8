"""The decisions about training: what a level is enough for, who gets a seat, and when somebody is reminded. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ..rules import Level, is_enough


class SessionState(StrEnum):
    OPEN = "open"
    HELD = "held"  # everybody is marked
    CANCELLED = "cancelled"


class PlaceState(StrEnum):
    BOOKED = "booked"
    WAITING = "waiting"
    GIVEN_UP = "given_up"
    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"


#: What a trainer can say of whoever had a seat.
RESULTS = (PlaceState.PASSED, PlaceState.FAILED, PlaceState.ABSENT)
#: Places that stand: their people come, or would like to.
STANDING = frozenset({PlaceState.BOOKED, PlaceState.WAITING})
#: How many days before a qualification runs out its holder is told.
REMINDED_DAYS = (60, 14)


@dataclass(frozen=True, slots=True)
class Training:
    """The best that somebody holds for an instrument; `was_supervised` once they used it with an operator beside."""

    level: Level = Level.NONE
    was_supervised: bool = False


UNTRAINED = Training()


def suffices(training: Training, needed: Level, *, allows_first_use: bool) -> bool:
    """Whether somebody trained like this may use an instrument that asks for `needed`."""
    return is_enough(training.level, needed) or is_first_use(
        training, needed, allows_first_use=allows_first_use
    )


def is_first_use(training: Training, needed: Level, *, allows_first_use: bool) -> bool:
    """Whether the use would be the one that an instrument allows with an operator present, before `independent`."""
    return (
        allows_first_use
        and needed == Level.INDEPENDENT
        and training.level == Level.SUPERVISED
        and not training.was_supervised
    )


def lowest_free_seat(taken: Collection[int], places: int) -> int | None:
    """The seat that the next person gets; None: they wait."""
    return next((seat for seat in range(1, places + 1) if seat not in taken), None)


def next_reminder(valid_until: date | None, today: date) -> date | None:
    """The next day, after today, on which the holder is told that the qualification runs out."""
    if valid_until is None:
        return None
    days = (valid_until - timedelta(days=each) for each in REMINDED_DAYS)
    return min((day for day in days if day > today), default=None)


def expiry_after(trained_on: date, months: int | None) -> date | None:
    """The last day of a qualification that holds so many months (None: for good); short months end earlier."""
    if months is None:
        return None
    year, month = divmod(trained_on.year * 12 + trained_on.month - 1 + months, 12)
    for day in range(trained_on.day, 0, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("unreachable")
