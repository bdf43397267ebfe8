"""How often an outside calendar is fetched, how long its last good state holds, when somebody is told. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from ...foundation.outgoing.faults import Why

#: Every calendar is fetched so often, whether it worked the last time or not.
EVERY = timedelta(hours=1)
#: While a calendar fails, what it said last closes the instrument for so long, and no longer.
KEPT = timedelta(days=7)
#: The managers are told when one that has worked before has failed for so long; one that never did at once.
TOLD_AFTER = timedelta(hours=2)
#: Recurrences are expanded so far beyond the instrument's horizon, so that an unchanged calendar need not be read.
AHEAD = timedelta(days=35)
#: How long a worker may keep a calendar that it has claimed.
LEASE = timedelta(minutes=5)

MOST_BYTES = 5 * 1024 * 1024
MOST_SECONDS = 20.0
#: So many seconds of the worker's own time may a calendar take that has come.
MOST_READING = 10.0
MOST_REDIRECTS = 3
MOST_OCCURRENCES = 5_000
MOST_EVENTS = 20_000
MOST_RECURRING = 500


class Fault(StrEnum):
    """Why a calendar cannot be had although its server can (`Why` says what is in the way of that).

    `status_404` and the like are written with the number.
    """

    TOO_MANY_REDIRECTS = "too_many_redirects"
    STATUS = "status"
    UNREADABLE = "unreadable"
    TOO_MANY_EVENTS = "too_many_events"


class CalendarFault(Exception):
    """A calendar that could not be fetched or read; `code` is kept and shown to the manager."""

    def __init__(self, fault: Fault | Why, status: int | None = None) -> None:
        self.code = f"{fault}_{status}" if status is not None else str(fault)
        super().__init__(self.code)


def is_stale(last_ok_at: datetime | None, at: datetime) -> bool:
    """Whether the last good state is too old to close an instrument."""
    return last_ok_at is not None and at - last_ok_at > KEPT


def is_to_be_told(
    last_ok_at: datetime | None, failing_since: datetime, told_at: datetime | None, at: datetime
) -> bool:
    """Whether the managers have to be told now that a calendar fails: once for each time it breaks."""
    if told_at is not None:
        return False
    return last_ok_at is None or at - failing_since >= TOLD_AFTER
