"""Which of thousands of instruments are free in a window, and when each is first free.

Both are answered by `free_time.first_start`. What is asked most, whether a slot is free (`minutes` is as long as the
window), needs no look at single instruments: each pattern is decided once, and what is taken comes from an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, bindparam, select

from ...catalogue.free_time import Wish
from ...catalogue.models import OpeningException
from ...foundation.database import UtcDateTime, db
from ...foundation.spans import (
    Span,
    instant_at,
    interval_of,
    merged,
    second_after,
    second_of,
    span_around,
)
from .barriers import Barriers, barriers_of
from .free_time import Taken, bounds_of, first_start
from .holds import PLACES, Held, held_on, overlapping, places_of, places_taken
from .opening import open_spans
from .patterns import Alike, Pattern, patterns_among, patterns_of
from .slot_rules import Seconds

_HOUR = 3600
_exception = OpeningException.__table__.c
_EXCEPTIONS = (
    select(_exception.instrument_id)
    .where(
        _exception.ends_at > bindparam("start", type_=UtcDateTime),
        _exception.starts_at < bindparam("end", type_=UtcDateTime),
    )
    .distinct()
)
#: So many instruments are looked at by what overlaps the window anywhere, fewer one by one.
_MANY = 2_000


def free_among(candidates: Select[int] | None, wish: Wish) -> list[int]:
    """The ids of the bookable instruments, of those that `candidates` selects (None: all), that fulfil the wish."""
    groups = patterns_among(candidates)
    if not groups:
        return []
    special = _with_exceptions(groups, wish)
    if wish.is_for_a_slot:
        singly, at_once = _parted(groups, special)
        return [*_free_slots(at_once, wish), *_first_starts(singly, wish, special)]
    return list(_first_starts(groups, wish, special))


def first_free_of(ids: Sequence[int], wish: Wish) -> dict[int, datetime]:
    """The start of the first booking that fulfils the wish, by instrument; ids without one are left out."""
    groups = patterns_of(ids)
    if not groups:
        return {}
    found = _first_starts(groups, wish, _with_exceptions(groups, wish))
    return {id_: instant_at(start) for id_, start in found.items()}


def _free_slots(groups: Iterable[Alike], wish: Wish) -> Iterator[int]:
    """The instruments that are free during the whole window; none of them has an exception near it."""
    fitting = [group for group in groups if _opens(group.pattern, wish)]
    if not fitting:
        return
    taken = _TakenPlaces(wish.span, max(group.pattern.margin for group in fitting))
    for group in fitting:
        places = taken.around(group.pattern)
        if group.pattern.positions == 1:  # most are so, and this is the quicker way
            yield from [id_ for id_ in group.ids if id_ * PLACES + 1 not in places]
        else:
            mine = ((id_, places_of(id_, group.pattern.positions)) for id_ in group.ids)
            yield from (id_ for id_, own in mine if not places.issuperset(own))


def _opens(pattern: Pattern, wish: Wish) -> bool:
    """Whether an instrument of the pattern on which nothing is booked fulfils the wish."""
    nothing = Taken(1, {})
    bounds = bounds_of(wish.window, pattern.rules, wish.at)
    opening = open_spans(pattern.hours, *wish.span)
    return first_start(bounds, pattern.rules, opening, nothing, wish.length) is not None


class _TakenPlaces:
    """The places that cannot be had during a slot; those that only setup or teardown keep from it come apart."""

    def __init__(self, slot: Span, margin: int) -> None:
        self._slot = slot
        self._taken = places_taken(slot)
        wide = slot[0] - margin, slot[1] + margin
        self._near: Held = overlapping(wide, outside=slot) if margin else {}
        self._known: dict[tuple[int, int], set[int]] = {(0, 0): self._taken}

    def around(self, pattern: Pattern) -> set[int]:
        margins = pattern.rules.setup, pattern.rules.teardown
        if margins not in self._known:
            start, end = self._slot[0] - margins[0], self._slot[1] + margins[1]
            near = (
                place
                for place, spans in self._near.items()
                if any(held_from < end and held_until > start for held_from, held_until in spans)
            )
            self._known[margins] = self._taken.union(near)
        return self._known[margins]


def _first_starts(groups: Sequence[Alike], wish: Wish, special: set[int]) -> dict[int, int]:
    """The first start by instrument: part by part of the window, looking on only where nothing is found yet."""
    found: dict[int, int] = {}
    if not groups:
        return found
    for part in _parts(groups, wish):
        groups = [replace(group, ids=[i for i in group.ids if i not in found]) for group in groups]
        found |= _starts_within(groups, part, special)
    return found


def _parts(groups: Sequence[Alike], wish: Wish) -> Iterator[Wish]:
    """Wishes for one part of the window after the other, each four times as long as the one before.

    Parts overlap by as much as a booking of the asked length can take (clocks may change meanwhile), so that the
    first that begins in a part ends in it.
    """
    (start, end), length = wish.span, 12 * _HOUR
    rules = [group.pattern.rules for group in groups]
    overlap = max(max(wish.length, each.shortest) + each.granularity for each in rules) + 3 * _HOUR
    while start < end:
        stop = min(start + length + overlap, end)
        yield replace(wish, window=interval_of((start, stop)))
        start, length = (end if stop == end else start + length), 4 * length


def _starts_within(groups: Sequence[Alike], wish: Wish, special: set[int]) -> dict[int, int]:
    margin = max((group.pattern.margin for group in groups), default=0)
    slot, is_for_a_slot = wish.span, wish.is_for_a_slot
    wide = slot[0] - margin, slot[1] + margin
    held, barriers = _held(groups, wide), _barriers(groups, wide, special, wish)
    found = {}
    for group in groups:
        bounds = bounds_of(wish.window, group.pattern.rules, wish.at)
        opening = open_spans(group.pattern.hours, *wide)
        empty = first_start(bounds, group.pattern.rules, opening, Taken(1, {}), wish.length)
        for id_ in group.ids:
            start = empty
            places = places_of(id_, group.pattern.positions)
            if id_ not in barriers and (empty is None or held.keys().isdisjoint(places)):
                pass  # what is held makes nothing possible that was not
            elif id_ not in barriers and is_for_a_slot:
                start = empty if _leaves(held, slot, group.pattern.rules, places) else None
            else:
                mine, taken = _standing(opening, barriers.get(id_), held, places)
                start = first_start(bounds, group.pattern.rules, mine, taken, wish.length)
            if start is not None:
                found[id_] = start
    return found


def _leaves(held: Held, slot: Span, rules: Seconds, places: range) -> bool:
    """Whether what is held leaves a slot, with its setup and teardown, to one of the places."""
    start, end = slot[0] - rules.setup, slot[1] + rules.teardown
    return any(
        all(until <= start or since >= end for since, until in held.get(place, ()))
        for place in places
    )


def _standing(
    opening: Sequence[Span], barriers: Barriers | None, held: Held, places: range
) -> tuple[Sequence[Span], Taken]:
    """When one instrument is open, and what is taken of it."""
    spans = {position: held[place] for position, place in enumerate(places, 1) if place in held}
    if barriers is None:
        return opening, Taken(len(places), spans)
    more = [(second_after(each.start), second_of(each.end)) for each in barriers.openings]
    closed = [span_around(each) for each in barriers.closures]
    return merged([*opening, *more]), Taken(len(places), spans, closed)


def _held(groups: Sequence[Alike], window: Span) -> Held:
    if sum(len(group.ids) for group in groups) > _MANY:
        return overlapping(window)
    places = [
        place
        for group in groups
        for id_ in group.ids
        for place in places_of(id_, group.pattern.positions)
    ]
    return held_on(places, window) if places else {}


def _barriers(
    groups: Sequence[Alike], window: Span, special: set[int], wish: Wish
) -> Mapping[int, Barriers]:
    ids = [id_ for group in groups for id_ in group.ids if id_ in special]
    return dict(barriers_of(ids, interval_of(window), wish.whom, wish.at)) if ids else {}


def _with_exceptions(groups: Sequence[Alike], wish: Wish) -> set[int]:
    """The instruments with a closure, an exceptional opening or the like in the window or near it."""
    margin = max(group.pattern.margin for group in groups)
    start, end = wish.span
    window = {"start": instant_at(start - margin), "end": instant_at(end + margin)}
    return set(db.session.execute(_EXCEPTIONS, window).scalars())


def _parted(groups: Sequence[Alike], special: set[int]) -> tuple[list[Alike], list[Alike]]:
    """The groups twice: with those instruments alone that have exceptions, and without them."""
    if not special:
        return [], list(groups)
    singly = [replace(group, ids=[i for i in group.ids if i in special]) for group in groups]
    others = [replace(group, ids=[i for i in group.ids if i not in special]) for group in groups]
    return [group for group in singly if group.ids], others
