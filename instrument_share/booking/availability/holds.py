"""Reading taken time for many instruments at once.

A place is one position of one instrument, written as one number. Two questions are asked, and each costs as much as
its answer, not as the table: what overlaps a window anywhere (`overlapping`), and what overlaps it on given places
(`held_on`). Why they are asked this way, and what else was tried: docs/explanation/free-time-search.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, column, func, select, values
from sqlalchemy.orm import aliased

from ...foundation.database import UtcDateTime, db
from ...foundation.many import collected, listed, seconds_of
from ...foundation.spans import Span, instant_at
from ..models import Hold

Held = dict[int, list[Span]]  # place -> taken time

#: A hold's class -> how long holds of that class are at most; the last class has no bound (migration 0004).
REACHES = (
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=16),
    timedelta(hours=64),
    timedelta(hours=256),
    None,
)
_BITS = 6  # an instrument has at most 50 positions
_LONG_AGO = -2_000_000_000


def place_of(instrument_id: int, position: int) -> int:
    return instrument_id << _BITS | position


def places_of(instrument_id: int, positions: int) -> range:
    """Every place of an instrument."""
    first = place_of(instrument_id, 1)
    return range(first, first + positions)


def places_taken(window: Span) -> set[int]:
    """The places that something is held on at any time in the window, over all instruments."""
    query = select(collected(_place())).select_from(Hold)
    return set(db.session.scalar(_overlapping(query, window)) or ())


def overlapping(window: Span, *, outside: Span | None = None) -> Held:
    """What is held in the window, over all instruments; `outside` leaves out what overlaps that window."""
    query = _overlapping(_rows(), window)
    if outside:
        start, end = map(instant_at, outside)
        query = query.where((Hold.held_until <= start) | (Hold.held_from >= end))
    return _by_place(query)


def held_on(places: Iterable[int], window: Span, *, besides: int | None = None) -> Held:
    """What is held in the window on these places: on each the last hold that began before it, and those after.

    `besides` is a booking whose own holds do not count.
    """
    given = listed(places)
    start, end = map(instant_at, window)
    instrument_id = given.c.value.op(">>")(_BITS)
    position = given.c.value.op("&")((1 << _BITS) - 1)
    earlier = aliased(Hold)
    last_before = (
        select(func.max(earlier.held_from))
        .where(
            earlier.instrument_id == instrument_id,
            earlier.position == position,
            earlier.held_from <= start,
            *_not_of(earlier, besides),
        )
        .scalar_subquery()
    )
    since = func.coalesce(last_before, instant_at(_LONG_AGO), type_=UtcDateTime)
    here = and_(Hold.instrument_id == instrument_id, Hold.position == position)
    query = _rows().select_from(given).join(Hold, here)
    return _by_place(
        query.where(
            Hold.held_from >= since,
            Hold.held_from < end,
            Hold.held_until > start,
            *_not_of(Hold, besides),
        )
    )


def _not_of(hold: type[Hold], booking_id: int | None) -> list[ColumnElement[bool]]:
    return [] if booking_id is None else [hold.booking_id != booking_id]


def _overlapping(query: Select[Any], window: Span) -> Select[Any]:
    """Each class of holds from as far back as it reaches: a short range of one index for each."""
    start, end = map(instant_at, window)
    long_ago = instant_at(_LONG_AGO)
    classes = (
        values(column("reach", Integer), column("since", UtcDateTime), name="class")
        .data([(n, start - most if most else long_ago) for n, most in enumerate(REACHES)])
        .cte("classes")
    )
    return query.join(classes, classes.c.reach == Hold.reach).where(
        Hold.held_from > classes.c.since, Hold.held_from < end, Hold.held_until > start
    )


def _rows() -> Select[Any]:
    return select(
        collected(_place()),
        collected(seconds_of(Hold.held_from)),
        collected(seconds_of(Hold.held_until)),
    ).select_from(Hold)


def _place() -> Any:
    return Hold.instrument_id.op("<<")(_BITS).op("|")(Hold.position)


def _by_place(query: Select[Any]) -> Held:
    held: Held = defaultdict(list)
    for place, start, end in zip(*db.session.execute(query).one(), strict=True):
        held[place].append((start, end))
    return held
