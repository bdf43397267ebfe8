"""The instants at which a booking may begin and end: whole steps of the wall clock since local midnight. Pure.

Each local day has its own grid. It begins with the day's first instant, whatever the clock shows then, and has a mark
wherever the wall clock shows a multiple of the step: a time that the clocks skip has none, one that they repeat
has two. A step that does not divide the day begins again at the next midnight.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ...foundation.localtime import midnight_of

_DAY = timedelta(days=1)


def is_on_grid(instant: datetime, zone: ZoneInfo, step: timedelta) -> bool:
    return next_on_grid(instant, zone, step) == instant


def next_on_grid(instant: datetime, zone: ZoneInfo, step: timedelta) -> datetime:
    """The first mark at or after `instant`."""
    day = _day_at(instant, zone)
    if day.is_plain:
        steps = -((day.start - instant) // step)
        return min(day.start + steps * step, day.end)
    marks = _marks_of(day, step)
    return marks[bisect_left(marks, instant)]


def last_on_grid(instant: datetime, zone: ZoneInfo, step: timedelta) -> datetime:
    """The last mark at or before `instant`."""
    day = _day_at(instant, zone)
    if day.is_plain:
        return day.start + (instant - day.start) // step * step
    marks = _marks_of(day, step)
    return marks[bisect_right(marks, instant) - 1]


@dataclass(frozen=True, slots=True)
class _Day:
    """A local day; it is plain if its clock runs from midnight through 24 hours."""

    day: date
    zone: ZoneInfo
    start: datetime
    end: datetime
    is_plain: bool


def _day_at(instant: datetime, zone: ZoneInfo) -> _Day:
    return _day_of(instant.astimezone(zone).date(), zone)


@lru_cache(maxsize=8192)
def _day_of(day: date, zone: ZoneInfo) -> _Day:
    start, end = midnight_of(day, zone), midnight_of(day + _DAY, zone)
    begins_at_midnight = start.astimezone(zone).time() == time(0)
    return _Day(day, zone, start, end, is_plain=begins_at_midnight and end - start == _DAY)


@lru_cache(maxsize=512)
def _marks_of(day: _Day, step: timedelta) -> tuple[datetime, ...]:
    """Every mark of a day on which the clocks change, the next day's first instant included."""
    midnight = datetime.combine(day.day, time(0))
    walls = (midnight + n * step for n in range(-(-_DAY // step)))
    marks = {
        instant
        for wall in walls
        for instant in _instants_of(wall, day.zone)
        if day.start < instant < day.end
    }
    return tuple(sorted({day.start, *marks, day.end}))


def _instants_of(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants at which the clocks show `wall`: none in a gap, two in a fold."""
    both = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return [each for each in both if each.astimezone(zone).replace(tzinfo=None) == wall]
