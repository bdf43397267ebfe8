"""What a slot must fit, and what exactly is wrong with one that does not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ...foundation.interval import Interval
from ...foundation.localtime import boundary_of


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

    def held_by(self, slot: Interval) -> Interval:
        """The time that a booking of `slot` blocks, with setup and teardown."""
        return slot.widened(self.setup, self.teardown)

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
        SlotFault.OFF_GRID: not (is_on_grid(slot.start, rules) and is_on_grid(slot.end, rules)),
        SlotFault.IN_CLOSURE: any(held.overlaps(closure) for closure in openness.closures),
        SlotFault.OUTSIDE_OPENING_HOURS: not any(
            open_.contains(slot) for open_ in openness.opening
        ),
    }
    return [fault for fault, holds in checks.items() if holds]


def is_on_grid(instant: datetime, rules: SlotRules) -> bool:
    return next_on_grid(instant, rules) == instant


def next_on_grid(instant: datetime, rules: SlotRules) -> datetime:
    """The first grid instant at or after `instant`: whole granularities of the wall clock since local midnight."""
    local = instant.astimezone(rules.zone)
    wall = local.replace(tzinfo=None, fold=0)
    since_midnight = wall - wall.replace(hour=0, minute=0, second=0, microsecond=0)
    missing = -since_midnight % rules.granularity
    if not missing:
        return instant
    following = wall + missing
    if (
        following.date() > wall.date()
    ):  # a grid that does not divide the day begins again at midnight
        following = following.replace(hour=0, minute=0, second=0, microsecond=0)
    found = boundary_of(following.date(), following.time(), rules.zone)
    return found if found > instant else instant + missing


def last_on_grid(instant: datetime, rules: SlotRules) -> datetime:
    """The last grid instant at or before `instant`."""
    wall = instant.astimezone(rules.zone).replace(tzinfo=None, fold=0)
    since_midnight = wall - wall.replace(hour=0, minute=0, second=0, microsecond=0)
    excess = since_midnight % rules.granularity
    found = instant - excess
    if is_on_grid(found, rules):
        return found
    return boundary_of(
        wall.date(), (wall - excess).time(), rules.zone
    )  # the clocks changed in between
