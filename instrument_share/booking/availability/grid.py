"""The instants at which a booking may begin and end: whole steps of the wall clock since local midnight. Pure.

Each local day has its own grid. It begins with the day's first instant, whatever the clock shows then, and has a mark
wherever the wall clock shows a multiple of the step: a time that the clocks skip has none, one that they repeat
has two. A step that does not divide the day begins again at the next midnight.

Instants are whole seconds since the epoch here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ...foundation.localtime import midnight_of

_DAY = timedelta(days=1)
_DAY_SECONDS = 86_400


def next_mark(instant: int, zone: ZoneInfo, step: int) -> int:
    """The first mark at or after `instant`."""
    day = day_at(instant, zone)
    if day.is_plain:
        return min(day.start - (day.start - instant) // step * step, day.end)
    marks = _marks_of(day, step)
    return marks[bisect_left(marks, instant)]


def last_mark(instant: int, zone: ZoneInfo, step: int) -> int:
    """The last mark at or before `instant`."""
    day = day_at(instant, zone)
    if day.is_plain:
        return day.start + (instant - day.start) // step * step
    marks = _marks_of(day, step)
    return marks[bisect_right(marks, instant) - 1]


@dataclass(frozen=True, slots=True)
class Day:
    """A local day; it is plain if its clock runs from midnight through 24 hours."""

    day: date
    zone: ZoneInfo
    start: int
    end: int
    is_plain: bool


def day_at(instant: int, zone: ZoneInfo) -> Day:
    """The local day in which an instant lies."""
    for day in _days_around(instant // _DAY_SECONDS, zone):
        if instant < day.end:
            return day
    raise AssertionError("three days around an instant contain it")  # pragma: no cover


@lru_cache(maxsize=16_384)
def _days_around(number: int, zone: ZoneInfo) -> tuple[Day, ...]:
    """The local days that the UTC day of that number since the epoch can touch, in order."""
    utc_day = date(1970, 1, 1) + number * _DAY
    around = (_day_of(utc_day + shift * _DAY, zone) for shift in (-1, 0, 1))
    return tuple(day for day in around if day.end > number * _DAY_SECONDS and day.start < day.end)


@lru_cache(maxsize=16_384)
def _day_of(day: date, zone: ZoneInfo) -> Day:
    start, end = midnight_of(day, zone), midnight_of(day + _DAY, zone)
    is_plain = start.astimezone(zone).time() == time(0) and end - start == _DAY
    return Day(day, zone, int(start.timestamp()), int(end.timestamp()), is_plain)


@lru_cache(maxsize=512)
def _marks_of(day: Day, step: int) -> tuple[int, ...]:
    """Every mark of a day on which the clocks change, the next day's first instant included."""
    midnight = datetime.combine(day.day, time(0))
    walls = (midnight + timedelta(seconds=second) for second in range(0, _DAY_SECONDS, step))
    marks = {
        instant
        for wall in walls
        for instant in _instants_of(wall, day.zone)
        if day.start < instant < day.end
    }
    return tuple(sorted({day.start, *marks, day.end}))


def _instants_of(wall: datetime, zone: ZoneInfo) -> list[int]:
    """The instants at which the clocks show `wall`: none in a gap, two in a fold."""
    both = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return [
        int(each.timestamp()) for each in both if each.astimezone(zone).replace(tzinfo=None) == wall
    ]
