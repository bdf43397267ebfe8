"""Wall time and instants: the local times that do not exist or exist twice are named, never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class NonexistentTime(ValueError):
    """The clocks were put forward over this local time (a DST gap)."""


class AmbiguousTime(ValueError):
    """The clocks were put back over this local time, so it happens twice (a DST fold)."""


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The one UTC instant of a naive local time.

    Raises NonexistentTime in a gap and AmbiguousTime in a fold (PEP 495).
    """
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise NonexistentTime(local.isoformat())
    raise AmbiguousTime(local.isoformat())


def wall_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of `zone` show at an instant, as a naive time."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def boundary_of(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a boundary such as an opening hour; never raises.

    In a gap the instant is the transition itself; in a fold the first of the two.
    """
    local = datetime.combine(day, wall)
    aware = local.replace(tzinfo=zone)
    instant = aware.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    return _transition_before(local, zone)


def midnight_of(day: date, zone: ZoneInfo) -> datetime:
    """The UTC instant at which a local day begins."""
    return boundary_of(day, time(0), zone)


def days_between(start: datetime, end: datetime, zone: ZoneInfo) -> list[date]:
    """The local days that `[start, end)` touches, in order."""
    first = start.astimezone(zone).date()
    last = (end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _transition_before(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the transition whose gap swallows `local`: offsets differ on its two sides."""
    earlier = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    later = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    low, high = min(earlier, later), max(earlier, later)
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
