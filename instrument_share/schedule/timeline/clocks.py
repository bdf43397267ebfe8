"""The clocks beside the timeline: rulers above it, and times in words, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

from ...foundation.clock import zone
from ...foundation.http.show import language_tag
from ...foundation.interval import Interval
from ...foundation.localtime import days_between, midnight_of
from .spans import Span, length_of, span_in

_STEP = 180
#: Every second mark stays on a narrow screen.
_MAJOR = 360


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of a ruler, `minute` minutes after the window's start; `share` is that in per cent."""

    minute: int
    share: float
    label: str
    is_major: bool


class Clock:
    """The clock of one zone over a window."""

    def __init__(self, zone_name: str, window: Interval, *, names_days: bool) -> None:
        self.zone_name = zone_name
        self._zone, self._window, self._names_days = zone(zone_name), window, names_days
        self._locale = language_tag().replace("-", "_")

    def agrees_with(self, other: Clock) -> bool:
        """Whether both show the same all through the window."""
        ends = (self._window.start, self._window.end)
        return all(_offset(at, self._zone) == _offset(at, other._zone) for at in ends)

    def marks(self) -> list[Mark]:
        """A day is marked every three hours, a week at every midnight of this clock."""
        return list(self._midnights() if self._names_days else self._hours())

    def text(self, span: Span) -> str:
        """From when until when, with the day where it is not the one that the window is about."""
        start, end = (self._local(minute) for minute in span)
        first, last = _time(self._locale, start.time()), _time(self._locale, end.time())
        if self._names_days or start.date() != self._day:
            first = f"{_day(self._locale, start.date())}, {first}"
        if end.date() != start.date() and end.time() != time(0):
            last = f"{_day(self._locale, end.date())}, {last}"
        return f"{first} – {last}"

    @property
    def _day(self) -> date:
        return self._local(0).date()

    def _local(self, minute: int) -> datetime:
        return (self._window.start + timedelta(minutes=minute)).astimezone(self._zone)

    def _hours(self) -> Iterator[Mark]:
        day = None
        for minute in range(0, length_of(self._window), _STEP):
            local = self._local(minute)
            label = _time(self._locale, local.time())
            if local.date() != day:
                day, label = local.date(), f"{_weekday(self._locale, local.date())} {label}"
            yield self._mark(minute, label, is_major=minute % _MAJOR == 0)

    def _midnights(self) -> Iterator[Mark]:
        for day in days_between(self._window.start, self._window.end, self._zone):
            whole = span_in(
                self._window,
                midnight_of(day, self._zone),
                midnight_of(day + timedelta(days=1), self._zone),
            )
            if whole and whole[1] - whole[0] > _MAJOR:  # a sliver has no room for its name
                yield self._mark(whole[0], _day(self._locale, day), is_major=True)

    def _mark(self, minute: int, label: str, *, is_major: bool) -> Mark:
        share = round(100 * minute / length_of(self._window), 3)
        return Mark(minute, share, label, is_major)


def _offset(at: datetime, where: ZoneInfo) -> timedelta | None:
    return at.astimezone(where).utcoffset()


@lru_cache(maxsize=4096)
def _time(locale: str, at: time) -> str:
    return format_time(at, "short", locale=locale)


@lru_cache(maxsize=1024)
def _day(locale: str, day: date) -> str:
    return format_skeleton("MMMEd", day, locale=locale)


@lru_cache(maxsize=1024)
def _weekday(locale: str, day: date) -> str:
    return format_skeleton("E", day, locale=locale)
