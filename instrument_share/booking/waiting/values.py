"""Typed values that faces hand to the waiting list's services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A wish for `minutes` somewhere in `[since, until)`; None and the empty set leave a question open.

    `not_before`, `not_after` and `weekdays` are on the wall clock of `time_zone`. An end of the day that does not lie
    after its start means the next morning.
    """

    instrument: str
    access_mode: str
    purpose: str
    since: datetime
    until: datetime
    minutes: int
    time_zone: str
    not_before: time | None = None
    not_after: time | None = None
    weekdays: frozenset[str] = frozenset()
    project: str | None = None
    agreement: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """Tell me when at least `minutes` (None: the shortest booking) come free within the next `days`."""

    instrument: str
    days: int = 30
    minutes: int | None = None
