"""What is free, given what is open and what is taken. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...foundation.interval import Interval, intersect, subtract, union
from .slot_rules import Openness, SlotRules


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch in which no position can be had: `booked` or `closure`."""

    slot: Interval
    kind: str


@dataclass(frozen=True, slots=True)
class Availability:
    """`free`: whatever begins at a stretch's start and ends before its end can be had. `busy`: for showing."""

    free: list[Interval]
    busy: list[Busy]


def free_stretches(
    window: Interval,
    rules: SlotRules,
    openness: Openness,
    held: Mapping[int, Sequence[Interval]],
    positions: int,
    at: datetime,
) -> list[Interval]:
    """The stretches inside `window` in which a booking can be placed at the moment `at`, by start.

    Setup, teardown, grid, lead time, horizon, hours and closures are taken off; each is at least the shortest
    booking long. `held` is the taken time by position. With several positions stretches may overlap, since a
    booking stays on one; none lies inside another.
    """
    bounds = _bounds(window, rules, at)
    if bounds is None:
        return []
    found = {
        stretch
        for position in range(1, positions + 1)
        for stretch in _free_on(bounds, rules, openness, held.get(position, ()))
    }
    return _maximal(found)


def busy_stretches(
    window: Interval,
    closures: Iterable[Interval],
    held: Mapping[int, Sequence[Interval]],
    positions: int,
) -> list[Busy]:
    """What cannot be had inside `window`: closures, and time that is taken on every position."""
    taken = union(held.get(1, ()))
    for position in range(2, positions + 1):
        taken = intersect(taken, held.get(position, ()))
    closed = union(closures)
    shown = [Busy(each, "closure") for each in closed] + [
        Busy(each, "booked") for each in subtract(taken, closed)
    ]
    clipped = ((busy.slot.clipped(window), busy.kind) for busy in shown)
    return sorted((Busy(slot, kind) for slot, kind in clipped if slot), key=lambda busy: busy.slot)


def nearest_starts(
    free: Iterable[Interval], duration: timedelta, wished: datetime, rules: SlotRules, *, most: int
) -> list[Interval]:
    """Up to `most` slots of `duration` in the free stretches, nearest to the wished start, one a stretch and side."""
    found = {slot for stretch in free for slot in _placements(stretch, duration, wished, rules)}
    return sorted(found, key=lambda slot: (abs(slot.start - wished), slot.start))[:most]


def _bounds(window: Interval, rules: SlotRules, at: datetime) -> Interval | None:
    start = max(window.start, rules.bookable_from(at))
    end = min(window.end, rules.bookable_until(at))
    return Interval(start, end) if start < end else None


def _free_on(
    bounds: Interval, rules: SlotRules, openness: Openness, held: Sequence[Interval]
) -> Iterator[Interval]:
    """On one position: a slot keeps its setup after, and its teardown before, what is taken."""
    taken = [each.widened(rules.teardown, rules.setup) for each in (*held, *openness.closures)]
    for stretch in intersect(subtract(openness.opening, taken), [bounds]):
        start, end = rules.next_on_grid(stretch.start), rules.last_on_grid(stretch.end)
        if end - start >= rules.shortest:
            yield Interval(start, end)


def _maximal(stretches: Iterable[Interval]) -> list[Interval]:
    kept: list[Interval] = []
    for stretch in sorted(stretches, key=lambda each: (each.start, -each.end.timestamp())):
        if not kept or stretch.end > kept[-1].end:
            kept.append(stretch)
    return kept


def _placements(
    stretch: Interval, duration: timedelta, wished: datetime, rules: SlotRules
) -> Iterator[Interval]:
    """The placement nearest to the wish, kept inside the stretch and on the grid."""
    if stretch.duration < duration:
        return
    latest = rules.last_on_grid(stretch.end - duration)
    start = rules.next_on_grid(min(max(wished, stretch.start), latest))
    slot = Interval(start, start + duration)
    if stretch.contains(slot) and rules.is_on_grid(slot.end):
        yield slot
