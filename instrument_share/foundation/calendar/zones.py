"""VTIMEZONE components (RFC 5545 section 3.6.5), from the tz database that everything uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .content import wall_time

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Observance:
    """What the clocks of a zone show from `onset` on, which is told by the clock that ran before (3.6.5, DTSTART)."""

    onset: datetime
    offset_from: timedelta
    offset_to: timedelta
    name: str
    is_daylight: bool

    def lines(self) -> list[str]:
        kind = "DAYLIGHT" if self.is_daylight else "STANDARD"
        return [
            f"BEGIN:{kind}",
            f"DTSTART:{wall_time(self.onset)}",
            f"TZOFFSETFROM:{_utc_offset(self.offset_from)}",
            f"TZOFFSETTO:{_utc_offset(self.offset_to)}",
            f"TZNAME:{self.name}",
            f"END:{kind}",
        ]


@lru_cache(maxsize=512)
def vtimezone(zone_name: str, first_year: int, last_year: int) -> tuple[str, ...]:
    """The lines of a VTIMEZONE that is right from the start of one year to the end of another."""
    zone = ZoneInfo(zone_name)
    begin, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 2, tzinfo=UTC)
    begin -= _DAY  # the year begins a little earlier in the east
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone_name}"]
    for observance in _observances(zone, begin, end):
        lines += observance.lines()
    return (*lines, "END:VTIMEZONE")


def _observances(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Observance]:
    """One for each change of clocks, without RDATE or RRULE: some readers take only the first date
    of a list, and rules of the past are seldom the rules of today.
    """
    yield _observance(zone, begin, begin)
    day = begin
    while day < end:
        following = day + _DAY
        if _offset(zone, day) != _offset(zone, following):
            change = _change_between(zone, day, following)
            yield _observance(zone, change - _SECOND, change)
        day = following


def _change_between(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """The first second of the new offset."""
    before = _offset(zone, early)
    while late - early > _SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if _offset(zone, middle) == before:
            early = middle
        else:
            late = middle
    return late


def _observance(zone: ZoneInfo, before: datetime, onset: datetime) -> Observance:
    local, offset_from = onset.astimezone(zone), _offset(zone, before)
    return Observance(
        onset=(onset + offset_from).replace(tzinfo=None),
        offset_from=offset_from,
        offset_to=_offset(zone, onset),
        name=local.tzname() or "",
        is_daylight=bool(local.dst()),
    )


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _utc_offset(offset: timedelta) -> str:
    """`+0530` (3.3.14)."""
    sign = "-" if offset < timedelta() else "+"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")
