"""How a plan becomes stretches of time, and what is wrong with one. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from ...foundation.interval import Interval
from ...foundation.localtime import boundary_of
from ..rules import ExceptionKind
from ..values import Plan

#: A weekly plan has at most so many weeks: a little more than a year.
MOST_WEEKS = 60
#: An end that nobody knows is as far away as anybody can book.
UNKNOWN_END = timedelta(days=730)
#: Nothing is planned further ahead.
FARTHEST = timedelta(days=3660)
_WEEK = timedelta(weeks=1)


class TooManyWeeks(ValueError):
    """A weekly plan goes on for too long."""


def stretches_of(plan: Plan, zone: ZoneInfo) -> list[Interval]:
    """The stretches of a plan: one, or one a week at the same wall time of `zone`. Raises TooManyWeeks."""
    if plan.weekly_until is None:
        return [plan.when]
    return list(_weekly(plan.when, plan.weekly_until, zone))


def faults_of(plan: Plan, at: datetime) -> dict[str, str]:
    """What is wrong with a plan: field -> `past`, `far`, `no_purpose`; empty where it is sound."""
    is_blocking = plan.kind == ExceptionKind.BLOCKING
    checks = {
        ("ends_on", "past"): plan.when.end <= at,
        ("ends_on", "far"): plan.when.end > at + FARTHEST,
        ("title", "no_purpose"): is_blocking and not any(plan.title.values()),
    }
    return {field: fault for (field, fault), holds in checks.items() if holds}


def _weekly(first: Interval, until: date, zone: ZoneInfo) -> Iterator[Interval]:
    start, end = (
        moment.astimezone(zone).replace(tzinfo=None) for moment in (first.start, first.end)
    )
    for week in count():
        later = week * _WEEK
        if (start + later).date() > until:
            return
        if week == MOST_WEEKS:
            raise TooManyWeeks()
        bounds = [_instant(moment + later, zone) for moment in (start, end)]
        if bounds[0] < bounds[1]:  # a gap of the clocks can swallow it
            yield Interval(*bounds)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return boundary_of(wall.date(), wall.time(), zone)
