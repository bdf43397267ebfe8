"""Opening hours on the local clock, week by week and on public holidays, as stretches of real time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ...foundation.holidays import is_holiday
from ...foundation.interval import Interval, subtract, union
from ...foundation.localtime import boundary_of
from ...foundation.spans import Span, interval_of, merged, second_after, second_of
from .grid import day_at

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """When an instrument is open, on the wall clock of its zone.

    `weekly` has the spans of Monday to Sunday. On public holidays of `territory` (none: they are days like others)
    the spans of `on_holidays` count instead; none mean closed.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[str, ...], ...]
    territory: str | None = None
    on_holidays: tuple[str, ...] = ()

    def on(self, day: date) -> tuple[str, ...]:
        """The spans of one day."""
        if self.territory and is_holiday(day, self.territory):
            return self.on_holidays
        return self.weekly[day.weekday()]


def hours_of(
    weekly: Mapping[str, Iterable[str]],
    zone: ZoneInfo,
    territory: str | None = None,
    on_holidays: Iterable[str] = (),
) -> Hours:
    """The hours that an instrument's columns say; `weekly` is as `Instrument.opening`."""
    days = tuple(tuple(weekly.get(day, ())) for day in DAYS)
    return Hours(zone, days, territory or None, tuple(on_holidays or ()))


def opening_of(
    weekly: Mapping[str, Iterable[str]],
    zone: ZoneInfo,
    window: Interval,
    extra: Iterable[Interval] = (),
) -> list[Interval]:
    """The stretches inside `window` in which an instrument without holidays is open, as `open_in`."""
    return open_in(hours_of(weekly, zone), window, extra)


def open_in(hours: Hours, window: Interval, extra: Iterable[Interval] = ()) -> list[Interval]:
    """The stretches inside `window` in which the instrument is open, exceptional openings (`extra`) included.

    Days of 23 or 25 hours are as long as they are; hours that touch over midnight become one stretch.
    """
    regular = map(interval_of, open_spans(hours, second_of(window.start), second_after(window.end)))
    clipped = (stretch.clipped(window) for stretch in (*regular, *extra))
    return union(stretch for stretch in clipped if stretch)


def open_minutes(
    hours: Hours,
    window: Interval,
    *,
    positions: int,
    openings: Iterable[Interval] = (),
    closures: Iterable[Interval] = (),
) -> int:
    """Minutes inside `window` in which an instrument's positions were open: effective hours."""
    stretches = subtract(open_in(hours, window, openings), closures)
    return positions * sum(stretch.minutes for stretch in stretches)


def open_spans(hours: Hours, start: int, end: int) -> tuple[Span, ...]:
    """The regular hours of every local day that `[start, end)` touches, sorted, disjoint, in seconds."""
    first, last = day_at(start, hours.zone), day_at(max(start, end - 1), hours.zone)
    return _open_days(hours, first.day, last.day)


def parse_hours(text: str) -> tuple[time, time | None]:
    """`08:30-18:00` as two wall times; `24:00`, the end of the day, is None. Raises ValueError."""
    first, _, last = text.partition("-")
    opens, closes = time.fromisoformat(first), None if last == "24:00" else time.fromisoformat(last)
    if closes is not None and closes <= opens:
        raise ValueError(f"{text} closes before it opens")
    return opens, closes


@lru_cache(maxsize=4096)
def _open_days(hours: Hours, first: date, last: date) -> tuple[Span, ...]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(merged(span for day in days for span in _open_on(day, hours.on(day), hours.zone)))


@lru_cache(maxsize=16_384)
def _open_on(day: date, ranges: tuple[str, ...], zone: ZoneInfo) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in _spans_on(day, ranges, zone) if start < end)


def _spans_on(day: date, ranges: tuple[str, ...], zone: ZoneInfo) -> Iterator[Span]:
    for text in ranges:
        opens, closes = parse_hours(text)
        last = (day, closes) if closes else (day + _NEXT_DAY, time(0))
        ends = boundary_of(*last, zone)
        yield int(boundary_of(day, opens, zone).timestamp()), int(ends.timestamp())
