"""Reading taken time for many instruments at once.

A place is one position of one instrument, written as one number. Two questions are asked, and each costs as much as
its answer, not as the table: what overlaps a window anywhere (`overlapping`), and what overlaps it on given places
(`held_on`). Why they are asked this way, and what else was tried: docs/explanation/free-time-search.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    and_,
    bindparam,
    column,
    func,
    literal,
    select,
    values,
)

from ...foundation.database import UtcDateTime, db, engine_name
from ...foundation.many import Numbers, collected, listed, seconds_of
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
PLACES = 64  # an instrument has at most 50 positions
_LONG_AGO = instant_at(0)


def _instant(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcDateTime)


_hold = Hold.__table__.c
_PLACE = _hold.instrument_id * PLACES + _hold.position
_ROW = (
    collected(_PLACE),
    collected(seconds_of(_hold.held_from)),
    collected(seconds_of(_hold.held_until)),
)
_START, _END = _instant("window_start"), _instant("window_end")
_BESIDES = bindparam("besides", type_=Integer)


def place_of(instrument_id: int, position: int) -> int:
    return instrument_id * PLACES + position


def places_of(instrument_id: int, positions: int) -> range:
    """Every place of an instrument."""
    first = place_of(instrument_id, 1)
    return range(first, first + positions)


def places_taken(window: Span) -> set[int]:
    """The places that something is held on at any time in the window, over all instruments."""
    taken = db.session.execute(_places_taken(), _window(window)).scalar_one()
    return set(taken or ())


def overlapping(window: Span, *, outside: Span | None = None) -> Held:
    """What is held in the window, over all instruments; `outside` leaves out what overlaps that window."""
    start, end = map(instant_at, outside) if outside else (_LONG_AGO, _LONG_AGO)
    return _by_place(
        _overlapping_rows(), _window(window) | {"inner_start": start, "inner_end": end}
    )


def held_on(places: Iterable[int], window: Span, *, besides: int | None = None) -> Held:
    """What is held in the window on these places: on each the last hold that began before it, and those after.

    `besides` is a booking whose own holds do not count.
    """
    parameters = _window(window) | {"places": places, "besides": besides}
    return _by_place(_held_on(engine_name(), besides is None), parameters)


# Statements are made once: making one anew costs more than running it.


@cache
def _places_taken() -> Select[*tuple[Any, ...]]:
    return _overlapping(select(collected(_PLACE)))


@cache
def _overlapping_rows() -> Select[*tuple[Any, ...]]:
    """With an empty inner window nothing is left out."""
    start, end = _instant("inner_start"), _instant("inner_end")
    outside = (_hold.held_until <= start) | (_hold.held_from >= end)
    return _overlapping(select(*_ROW)).where(outside)


@cache
def _held_on(_engine: str, is_every_booking: bool) -> Select[*tuple[Any, ...]]:
    given = listed(bindparam("places", type_=Numbers()))
    instrument_id = given.c.value.op("/")(PLACES)  # of whole numbers
    position = given.c.value % PLACES
    earlier = Hold.__table__.alias("earlier").c
    last_before = (
        select(func.max(earlier.held_from))
        .where(
            earlier.instrument_id == instrument_id,
            earlier.position == position,
            earlier.held_from <= _START,
            *([] if is_every_booking else [earlier.booking_id != _BESIDES]),
        )
        .scalar_subquery()
    )
    here = and_(_hold.instrument_id == instrument_id, _hold.position == position)
    return (
        select(*_ROW)
        .select_from(given.join(Hold.__table__, here))
        .where(
            _hold.held_from >= func.coalesce(last_before, literal(_LONG_AGO, UtcDateTime)),
            _hold.held_from < _END,
            _hold.held_until > _START,
            *([] if is_every_booking else [_hold.booking_id != _BESIDES]),
        )
    )


def _overlapping(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Each class of holds from as far back as it reaches: a short range of one index for each."""
    classes = (
        values(column("reach", Integer), column("since", UtcDateTime), name="class")
        .data([(n, _instant(f"since_{n}")) for n in range(len(REACHES))])
        .cte("classes")
    )
    return query.select_from(classes.join(Hold.__table__, _hold.reach == classes.c.reach)).where(
        _hold.held_from > classes.c.since, _hold.held_from < _END, _hold.held_until > _START
    )


def _window(window: Span) -> dict[str, Any]:
    """The parameters of a window: its ends, and since when holds of each class can overlap it."""
    start, end = map(instant_at, window)
    since = {f"since_{n}": start - most if most else _LONG_AGO for n, most in enumerate(REACHES)}
    return {"window_start": start, "window_end": end} | since


def _by_place(query: Select[*tuple[Any, ...]], parameters: dict[str, Any]) -> Held:
    held: Held = defaultdict(list)
    for place, start, end in zip(*db.session.execute(query, parameters).one(), strict=True):
        held[place].append((start, end))
    return held
