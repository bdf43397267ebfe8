"""What is free, given what is open and what is taken. Pure.

One idea answers everybody: the page and the API (`free_stretches`), the search (`first_start`), the alternatives
(`nearest_starts`); `slot_rules.faults_of` says of a single slot whether it lies in what these find. Inside, time is
whole seconds (`foundation.spans`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ...foundation.interval import Interval, intersect, subtract, union
from ...foundation.spans import Span, interval_of, rest_of, second_after, second_of, span_around
from .grid import last_mark, next_mark
from .slot_rules import Openness, Seconds, SlotRules


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


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands in the way: closures, and holds by position of an instrument that has so many `positions`."""

    positions: int
    held: Mapping[int, Sequence[Span]]
    closed: Sequence[Span] = ()


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
    opening = [(second_after(each.start), second_of(each.end)) for each in openness.opening]
    closed = [span_around(each) for each in openness.closures]
    spans = {key: [span_around(each) for each in slots] for key, slots in held.items()}
    taken = Taken(positions, spans, closed)
    found = free_spans(bounds_of(window, rules.seconds, at), rules.seconds, opening, taken)
    return [interval_of(span) for span in found]


def free_spans(bounds: Span, rules: Seconds, opening: Sequence[Span], taken: Taken) -> list[Span]:
    """The same in seconds; `bounds` are those of `bounds_of`, `opening` is sorted and disjoint."""
    lanes = [_free_on(bounds, rules, opening, lane) for lane in _lanes(taken, rules)]
    if len(lanes) == 1:
        return list(lanes[0])
    return _maximal({span for lane in lanes for span in lane})


def first_start(
    bounds: Span, rules: Seconds, opening: Sequence[Span], taken: Taken, length: int
) -> int | None:
    """The earliest start of a booking of at least `length` seconds within the bounds."""
    least = max(length, rules.shortest)
    if least > rules.longest or bounds[1] - bounds[0] < least:
        return None
    lanes = _lanes(taken, rules)
    starts = [_first_on(bounds, rules, opening, lane, least) for lane in lanes]
    return min((start for start in starts if start is not None), default=None)


def bounds_of(window: Interval, rules: Seconds, at: datetime) -> Span:
    """The part of a window for which one can ask at the moment `at`; it ends before it starts where there is none."""
    return (
        max(second_after(window.start), second_after(at) + rules.lead),
        min(second_of(window.end), second_of(at) + rules.horizon),
    )


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


def _lanes(taken: Taken, rules: Seconds) -> list[list[Span]]:
    """What keeps a booking off each position: a slot keeps its setup after, and its teardown before, what is taken.

    An empty position has every stretch that the others have; it alone is looked at then.
    """
    if not taken.held and not taken.closed:
        return [[]]
    places = range(1, taken.positions + 1)
    is_full = all(taken.held.get(place) for place in places)
    lanes = [list(taken.held[place]) for place in places] if is_full else [[]]
    return [
        sorted((start - rules.teardown, end + rules.setup) for start, end in (*lane, *taken.closed))
        for lane in lanes
    ]


def _free_on(
    bounds: Span, rules: Seconds, opening: Sequence[Span], taken: Sequence[Span]
) -> Iterator[Span]:
    zone, step, shortest = rules.zone, rules.granularity, rules.shortest
    for opens, closes in rest_of(opening, taken):
        start, end = max(opens, bounds[0]), min(closes, bounds[1])
        if end - start >= shortest:
            first, last = next_mark(start, zone, step), last_mark(end, zone, step)
            if last - first >= shortest:
                yield first, last


def _first_on(
    bounds: Span, rules: Seconds, opening: Sequence[Span], taken: Sequence[Span], least: int
) -> int | None:
    """The first start from which a booking of at least `least` seconds, no longer than allowed, ends on a mark."""
    for opens, closes in rest_of(opening, taken):
        start, end = max(opens, bounds[0]), min(closes, bounds[1])
        if end - start >= least:
            found = _first_between(start, end, rules, least)
            if found is not None:
                return found
    return None


def _first_between(earliest: int, end: int, rules: Seconds, least: int) -> int | None:
    zone, step = rules.zone, rules.granularity
    start = next_mark(earliest, zone, step)
    while start + least <= end and (last := next_mark(start + least, zone, step)) <= end:
        if last - start <= rules.longest:
            return start
        start = next_mark(start + 1, zone, step)
    return None


def _maximal(stretches: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for stretch in sorted(stretches, key=lambda each: (each[0], -each[1])):
        if not kept or stretch[1] > kept[-1][1]:
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
