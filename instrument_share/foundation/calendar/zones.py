"""VTIMEZONE components (RFC 5545 section 3.6.5), from the tz database that everything uses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .content import wall_time

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Observance:
    """What the clocks of a zone show between two changes."""

    offset_from: timedelta
    offset_to: timedelta
    name: str
    is_daylight: bool


@lru_cache(maxsize=512)
def vtimezone(zone_name: str, first_year: int, last_year: int) -> tuple[str, ...]:
    """The lines of a VTIMEZONE that is right from the start of one year to the end of another."""
    zone = ZoneInfo(zone_name)
    begin, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 2, tzinfo=UTC)
    begin -= _DAY  # the year begins a little earlier in the east
    onsets = _onsets(zone, begin, end)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone_name}"]
    for observance, starts in onsets.items():
        lines += _lines_of(observance, starts)
    return (*lines, "END:VTIMEZONE")


def _onsets(zone: ZoneInfo, begin: datetime, end: datetime) -> dict[Observance, list[datetime]]:
    """When each observance sets in, as wall time by the clock that ran before (3.6.5, DTSTART)."""
    found: dict[Observance, list[datetime]] = defaultdict(list)
    found[_observance(zone, begin, begin)].append(_by_clock(begin, _offset(zone, begin)))
    day = begin
    while day < end:
        following = day + _DAY
        if _offset(zone, day) != _offset(zone, following):
            change = _change_between(zone, day, following)
            found[_observance(zone, change - _SECOND, change)].append(
                _by_clock(change, _offset(zone, change - _SECOND))
            )
        day = following
    return found


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


def _observance(zone: ZoneInfo, before: datetime, after: datetime) -> Observance:
    local = after.astimezone(zone)
    return Observance(
        _offset(zone, before), _offset(zone, after), local.tzname() or "", bool(local.dst())
    )


def _lines_of(observance: Observance, starts: list[datetime]) -> list[str]:
    kind = "DAYLIGHT" if observance.is_daylight else "STANDARD"
    lines = [
        f"BEGIN:{kind}",
        f"DTSTART:{wall_time(starts[0])}",
        f"TZOFFSETFROM:{_utc_offset(observance.offset_from)}",
        f"TZOFFSETTO:{_utc_offset(observance.offset_to)}",
        f"TZNAME:{observance.name}",
    ]
    if starts[1:]:
        lines.append("RDATE:" + ",".join(wall_time(start) for start in starts[1:]))
    return [*lines, f"END:{kind}"]


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _by_clock(moment: datetime, offset: timedelta) -> datetime:
    return (moment + offset).replace(tzinfo=None)


def _utc_offset(offset: timedelta) -> str:
    """`+0530` (3.3.14)."""
    sign = "-" if offset < timedelta() else "+"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")
