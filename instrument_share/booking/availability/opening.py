"""Weekly opening hours on the local clock, as stretches of real time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ...foundation.interval import Interval, union
from ...foundation.localtime import boundary_of, days_between

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def opening_of(
    weekly: Mapping[str, Iterable[str]],
    zone: ZoneInfo,
    window: Interval,
    extra: Iterable[Interval] = (),
) -> list[Interval]:
    """The stretches inside `window` in which the instrument is open, exceptional openings (`extra`) included.

    `weekly` is as `Instrument.opening`: `{"mon": ["08:30-18:00"]}` on the wall clock of `zone`. Days of 23 or 25
    hours are as long as they are; hours that touch over midnight become one stretch.
    """
    regular = (
        Interval(start, end)
        for day in days_between(window.start, window.end, zone)
        for start, end in _hours_on(day, tuple(weekly.get(DAYS[day.weekday()], ())), zone)
        if start < end
    )
    clipped = (stretch.clipped(window) for stretch in (*regular, *extra))
    return union(stretch for stretch in clipped if stretch)


def parse_hours(text: str) -> tuple[time, time | None]:
    """`08:30-18:00` as two wall times; `24:00`, the end of the day, is None. Raises ValueError."""
    first, _, last = text.partition("-")
    opens, closes = time.fromisoformat(first), None if last == "24:00" else time.fromisoformat(last)
    if closes is not None and closes <= opens:
        raise ValueError(f"{text} closes before it opens")
    return opens, closes


def _hours_on(
    day: date, ranges: tuple[str, ...], zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    for text in ranges:
        opens, closes = _parsed(text)
        end = (
            boundary_of(day, closes, zone)
            if closes
            else boundary_of(day + timedelta(days=1), time(0), zone)
        )
        yield boundary_of(day, opens, zone), end


@lru_cache(maxsize=1024)
def _parsed(text: str) -> tuple[time, time | None]:
    return parse_hours(text)
