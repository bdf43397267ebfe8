"""What can be had of a series: every occurrence held against the instrument's calendar, and what is done about those
that do not fit. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ...foundation.interval import Interval
from ...foundation.localtime import midnight_of
from ..availability.free_time import free_stretches, nearest_starts
from ..availability.seats import seen_from
from ..availability.slot_rules import Openness, SlotRules, faults_of
from ..holding import choices_of
from ..rules import ANYWHERE, Seat
from .rules import Occurrence

SLOT_TAKEN = "slot_taken"


class OnConflict(StrEnum):
    """What is done about an occurrence that cannot be had."""

    SKIP = "skip"  # it is left out
    SHIFT = "shift"  # it is moved to the nearest free time of the same local day; left out where there is none
    STOP = "stop"  # nothing at all is saved


class Status(StrEnum):
    FREE = "free"  # can be had as it is
    CONFLICT = "conflict"  # cannot be had, and nothing is decided about it
    SKIPPED = "skipped"
    SHIFTED = "shifted"


@dataclass(frozen=True, slots=True)
class Planned:
    """An occurrence and what becomes of it. `code` says why it cannot be had as it is; `slot` is None where its wall
    time is not one instant. `positions` are those that it would take.
    """

    wall: datetime
    slot: Interval | None
    status: Status
    code: str = ""
    shifted_to: Interval | None = None
    reference: str = ""  # of its booking, where there is one already
    positions: tuple[int, ...] = ()

    @property
    def taken(self) -> Interval | None:
        """The time that would be booked."""
        return self.slot if self.status is Status.FREE else self.shifted_to


@dataclass(slots=True)
class Calendar:
    """An instrument as the plan sees it; what the plan takes is held in it."""

    rules: SlotRules
    openness: Openness
    held: dict[int, list[Interval]]  # by position
    positions: int
    at: datetime
    seat: Seat = ANYWHERE

    def fault_of(self, slot: Interval) -> str:
        """Why the slot cannot be had, first things first; empty where it can."""
        faults = faults_of(slot, self.rules, self.openness, self.at)
        return faults[0].value if faults else "" if self._free_on(slot) else SLOT_TAKEN

    def take(self, slot: Interval) -> tuple[int, ...]:
        """Hold a slot that can be had, as booking does, on the lowest free position or on all; the positions."""
        positions = tuple(self._free_on(slot))
        for position in positions:
            self.held.setdefault(position, []).append(self.rules.held_by(slot))
        return positions

    def nearest(self, slot: Interval) -> Interval | None:
        """The nearest time of the same length that can be had and begins and ends on the slot's local day."""
        day = slot.start.astimezone(self.rules.zone).date()
        window = Interval(
            midnight_of(day, self.rules.zone), midnight_of(day + timedelta(days=1), self.rules.zone)
        )
        near = self._around(window)
        free = free_stretches(window, self.rules, near.openness, near.held, near.positions, self.at)
        return next(iter(nearest_starts(free, slot.duration, slot.start, self.rules, most=1)), None)

    def _free_on(self, slot: Interval) -> list[int]:
        """The positions that the slot would take; none where it cannot be had."""
        wanted = self.rules.held_by(slot)
        free = [
            position
            for position in range(1, self.positions + 1)
            if not any(wanted.overlaps(other) for other in self.held.get(position, ()))
        ]
        return next(iter(choices_of(self.seat, free, self.positions)), [])

    def _around(self, window: Interval) -> Calendar:
        """The same within a window, as it looks to somebody who wants the seat."""
        margin = self.rules.setup + self.rules.teardown + self.rules.granularity
        wide = window.widened(margin, margin)
        held = {position: _within(taken, wide) for position, taken in self.held.items()}
        openness = Openness(
            _within(self.openness.opening, wide), _within(self.openness.closures, wide)
        )
        taken, positions = seen_from(self.seat, held, self.positions)
        held = {position: list(slots) for position, slots in taken.items()}
        return replace(self, openness=openness, held=held, positions=positions)


def plan(
    occurrences: Iterable[Occurrence],
    length: timedelta,
    calendar: Calendar,
    on_conflict: OnConflict,
    refused: Callable[[datetime], str] = lambda start: "",
) -> list[Planned]:
    """What becomes of each occurrence. `refused` says for a start why it cannot be booked for another reason.

    First everything that fits is placed, then what does not is moved or left out, so that nothing that was moved
    stands in the way of what fits. A wall time that is not one instant is never moved: nobody could say which is meant.
    """
    planned = [_placed(each, length, calendar, refused) for each in occurrences]
    return [_decided(each, calendar, on_conflict) for each in planned]


def conflicts_in(planned: Sequence[Planned]) -> list[Planned]:
    """The occurrences that cannot be had as they are."""
    return [each for each in planned if each.status is not Status.FREE]


def _placed(
    occurrence: Occurrence,
    length: timedelta,
    calendar: Calendar,
    refused: Callable[[datetime], str],
) -> Planned:
    if occurrence.start is None:
        return Planned(occurrence.wall, None, Status.CONFLICT, str(occurrence.fault))
    slot = Interval(occurrence.start, occurrence.start + length)
    code = refused(slot.start) or calendar.fault_of(slot)
    if code:
        return Planned(occurrence.wall, slot, Status.CONFLICT, code)
    return Planned(occurrence.wall, slot, Status.FREE, positions=calendar.take(slot))


#: Another time of the same day helps against these.
_MOVABLE = frozenset(
    {SLOT_TAKEN, "in_closure", "outside_opening_hours", "off_grid", "in_the_past", "too_soon"}
)


def _decided(planned: Planned, calendar: Calendar, on_conflict: OnConflict) -> Planned:
    if planned.status is Status.FREE or on_conflict is OnConflict.STOP:
        return planned
    if on_conflict is OnConflict.SHIFT and planned.slot and planned.code in _MOVABLE:
        nearest = calendar.nearest(planned.slot)
        if nearest is not None:
            taken = calendar.take(nearest)
            return replace(planned, status=Status.SHIFTED, shifted_to=nearest, positions=taken)
    return replace(planned, status=Status.SKIPPED)


def _within(stretches: Iterable[Interval], window: Interval) -> list[Interval]:
    return [each for each in stretches if each.overlaps(window)]


def counts_of(planned: Sequence[Planned]) -> Mapping[Status, int]:
    """How many occurrences there are of each status."""
    return {status: sum(each.status is status for each in planned) for status in Status}
