"""When results are due, and how a record of kept and broken bookings is weighed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: Results are due so long after a use; reminders follow at this distance, then the record says that they are missing.
RESULTS_AFTER, BETWEEN_REMINDERS, MOST_REMINDERS = timedelta(days=90), timedelta(days=30), 3


def next_step(due_at: datetime, reminders: int) -> datetime | None:
    """When something happens next about results that are due, after so many reminders; None: nothing any more."""
    return due_at + reminders * BETWEEN_REMINDERS if reminders <= MOST_REMINDERS else None


class Breach(StrEnum):
    """What is noted in a record."""

    NO_SHOW = "no_show"
    LATE_CANCELLATION = "late_cancellation"
    UNREPORTED = "unreported"


class Verdict(StrEnum):
    UPHELD = "upheld"
    LIFTED = "lifted"


WHOLE = 100
WEIGHTS: Mapping[Breach, int] = {
    Breach.NO_SHOW: 20,
    Breach.LATE_CANCELLATION: 10,
    Breach.UNREPORTED: 10,
}
#: A breach weighs less day by day, and nothing after so long.
FADES = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Entry:
    """A breach as the weighing sees it; `counts` until it is lifted or made good."""

    kind: Breach
    at: datetime
    counts: bool = True


def score_of(entries: Iterable[Entry], at: datetime) -> int:
    """From 100, nothing on record, down to 0: each breach takes its weight, less as it lies back."""
    return max(0, WHOLE - round(sum(_weight(entry, at) for entry in entries)))


def _weight(entry: Entry, at: datetime) -> float:
    age = at - entry.at
    if not entry.counts or age < timedelta() or age >= FADES:
        return 0.0
    return WEIGHTS[entry.kind] * (1 - age / FADES)
