"""Bookings and zone data that changed since they were made: what the clocks show now, and what would keep the time.

A booking is an instant, and beside it stands the wall time that it was made for. As long as zone data stay the same,
the clocks show that time at that instant. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ..foundation.interval import Interval
from ..foundation.localtime import AmbiguousTime, NonexistentTime, instant_of, wall_of


@dataclass(frozen=True, slots=True)
class WallSlot:
    """A slot on a wall clock: two naive times. The second may show less than the first where clocks are put back."""

    start: datetime
    end: datetime


def wall_slot_of(slot: Interval, zone: ZoneInfo) -> WallSlot:
    """What the clocks show at the start and the end of a slot."""
    return WallSlot(wall_of(slot.start, zone), wall_of(slot.end, zone))


def has_moved(slot: Interval, made_for: WallSlot, zone: ZoneInfo) -> bool:
    """Whether the clocks no longer show what the booking was made for."""
    return wall_slot_of(slot, zone) != made_for


def keeping_wall_time(slot: Interval, made_for: WallSlot, zone: ZoneInfo) -> Interval | None:
    """The slot at which the clocks now show what the booking was made for.

    Of a time that comes twice, the one nearer to the old instant. None where the clocks skip it, or where nothing is
    left between start and end.
    """
    start = _instant(made_for.start, slot.start, zone)
    end = _instant(made_for.end, slot.end, zone)
    return Interval(start, end) if start and end and start < end else None


def _instant(wall: datetime, was: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        return instant_of(wall, zone)
    except NonexistentTime:
        return None
    except AmbiguousTime:
        both = (wall.replace(tzinfo=zone, fold=fold).astimezone(was.tzinfo) for fold in (0, 1))
        return min(both, key=lambda instant: abs(instant - was))
