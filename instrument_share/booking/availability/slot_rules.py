"""What a slot must fit, and what exactly is wrong with one that does not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ...foundation.interval import Interval
from ...foundation.spans import instant_at, second_after, second_of
from .grid import last_mark, next_mark

_SECOND = timedelta(seconds=1)


class SlotFault(StrEnum):
    """Why a slot cannot be asked for; also the problem's `code`."""

    IN_THE_PAST = "in_the_past"
    TOO_SOON = "too_soon"
    BEYOND_HORIZON = "beyond_horizon"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    OFF_GRID = "off_grid"
    OUTSIDE_OPENING_HOURS = "outside_opening_hours"
    IN_CLOSURE = "in_closure"


@dataclass(frozen=True, slots=True)
class Seconds:
    """The lengths of `SlotRules` in whole seconds, for computing."""

    zone: ZoneInfo
    granularity: int
    shortest: int
    longest: int
    setup: int
    teardown: int
    lead: int
    horizon: int


@dataclass(frozen=True, slots=True)
class SlotRules:
    """An instrument's rules on slots, lengths as timedeltas; the grid counts from local midnight of `zone`."""

    zone: ZoneInfo
    granularity: timedelta
    shortest: timedelta
    longest: timedelta
    setup: timedelta
    teardown: timedelta
    lead: timedelta
    horizon: timedelta

    @property
    def seconds(self) -> Seconds:
        lengths = (
            self.granularity, self.shortest, self.longest,
            self.setup, self.teardown, self.lead, self.horizon,
        )  # fmt: skip
        return Seconds(self.zone, *(length // _SECOND for length in lengths))

    def held_by(self, slot: Interval) -> Interval:
        """The time that a booking of `slot` blocks, with setup and teardown."""
        return slot.widened(self.setup, self.teardown)

    def is_on_grid(self, instant: datetime) -> bool:
        return self.next_on_grid(instant) == instant

    def next_on_grid(self, instant: datetime) -> datetime:
        """The first instant at or after `instant` at which a booking may begin or end."""
        return instant_at(next_mark(second_after(instant), self.zone, self.granularity // _SECOND))

    def last_on_grid(self, instant: datetime) -> datetime:
        """The last instant at or before `instant` at which a booking may begin or end."""
        return instant_at(last_mark(second_of(instant), self.zone, self.granularity // _SECOND))

    def bookable_from(self, at: datetime) -> datetime:
        """The first instant at which a booking asked for now may begin."""
        return at + self.lead

    def bookable_until(self, at: datetime) -> datetime:
        """The instant by which a booking asked for now must have ended."""
        return at + self.horizon


@dataclass(frozen=True, slots=True)
class Openness:
    """When an instrument is open and closed around a slot, each sorted and disjoint."""

    opening: Sequence[Interval]
    closures: Sequence[Interval]


def faults_of(
    slot: Interval, rules: SlotRules, openness: Openness, at: datetime
) -> list[SlotFault]:
    """Everything that keeps `slot` from being asked for at the moment `at`; empty where it fits."""
    held = rules.held_by(slot)
    checks = {
        SlotFault.IN_THE_PAST: slot.start < at,
        SlotFault.TOO_SOON: at <= slot.start < rules.bookable_from(at),
        SlotFault.BEYOND_HORIZON: slot.end > rules.bookable_until(at),
        SlotFault.TOO_SHORT: slot.duration < rules.shortest,
        SlotFault.TOO_LONG: slot.duration > rules.longest,
        SlotFault.OFF_GRID: not (rules.is_on_grid(slot.start) and rules.is_on_grid(slot.end)),
        SlotFault.IN_CLOSURE: any(held.overlaps(closure) for closure in openness.closures),
        SlotFault.OUTSIDE_OPENING_HOURS: not any(
            open_.contains(slot) for open_ in openness.opening
        ),
    }
    return [fault for fault, holds in checks.items() if holds]
