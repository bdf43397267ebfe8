"""The one place that reads the wall clock. Faces call it; everything below is given `at`."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


def now() -> datetime:
    """The present instant, aware, UTC, to the second (what databases and calendars both keep)."""
    return datetime.now(UTC).replace(microsecond=0)


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone of the installed tz database."""
    return name in _zones()


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
