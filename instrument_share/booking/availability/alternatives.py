"""What to offer to somebody whose slot is taken: near times of the same instrument, siblings at the asked time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import joinedload

from ...catalogue.models import Facility, Instrument, instrument_technique
from ...catalogue.rules import BOOKABLE
from ...foundation.database import db
from ...foundation.interval import Interval
from ...identity.models import Person
from ..errors import SlotTaken
from ..rules import ANYWHERE, Seat
from .free_time import nearest_starts
from .queries import availability_of, availability_of_all, availability_of_seats, rules_of

#: How far from the asked time the same instrument is looked at.
_NEAR = timedelta(days=14)
_Free = Mapping[int, Sequence[Interval]]  # by instrument
_SAME_MOST, _SIBLINGS_LOOKED_AT, _SIBLINGS_MOST, _POSITIONS_MOST = 3, 12, 2, 3


@dataclass(frozen=True, slots=True)
class Alternative:
    """A slot that can be had: another `position` at the asked time, the `same` instrument at another time, or a
    `sibling` at the asked time. `seat` is where on the instrument.
    """

    kind: str
    instrument: Instrument
    slot: Interval
    seat: Seat = ANYWHERE


@contextmanager
def offering_alternatives(at: datetime, whom: Person | None) -> Iterator[None]:
    """Adds `alternatives` to a SlotTaken that passes; outside the refused transaction, so that nobody waits for it."""
    try:
        yield
    except SlotTaken as taken:
        taken.alternatives = alternatives_to(
            taken.instrument_id, taken.slot, at, whom, seat=taken.seat, mover=taken.mover
        )
        raise


def alternatives_to(
    instrument_id: int,
    slot: Interval,
    at: datetime,
    whom: Person | None,
    *,
    seat: Seat = ANYWHERE,
    mover: int | None = None,
) -> list[Alternative]:
    """The other positions at the asked time where one was asked for, up to three near slots of the instrument, and
    two siblings of a common technique, in a fixed number of queries.
    """
    instrument, siblings = _instrument_and_siblings(instrument_id)
    near = Interval(slot.start - _NEAR, slot.end + _NEAR)
    own = availability_of(instrument, near, at, whom, seat=seat, mover=mover)
    free = _free_then(siblings, slot, at, whom) | {instrument.id: own.free}
    beside = _other_positions(instrument, slot, at, whom, seat, mover)
    return [
        *(Alternative("position", instrument, slot, other) for other in beside),
        *_alternatives(instrument, siblings, slot, free, seat),
    ]


def alternatives_to_each(
    instrument_id: int, slots: Sequence[Interval], at: datetime, whom: Person | None
) -> list[list[Alternative]]:
    """Near slots and siblings for several slots of one instrument, in as many queries as for one."""
    if not slots:
        return []
    instrument, siblings = _instrument_and_siblings(instrument_id)
    near = Interval(
        min(slot.start for slot in slots) - _NEAR, max(slot.end for slot in slots) + _NEAR
    )
    available = availability_of_all([instrument, *siblings], near, at, whom)
    free = {key: each.free for key, each in available.items()}
    return [_alternatives(instrument, siblings, slot, free) for slot in slots]


def _free_then(
    siblings: Sequence[Instrument], slot: Interval, at: datetime, whom: Person | None
) -> dict[int, Sequence[Interval]]:
    """What is free of the siblings during the slot; around it nobody asks."""
    available = availability_of_all(siblings, slot, at, whom)
    return {key: each.free for key, each in available.items()}


def _alternatives(
    instrument: Instrument,
    siblings: Sequence[Instrument],
    slot: Interval,
    free: _Free,
    seat: Seat = ANYWHERE,
) -> list[Alternative]:
    rules = rules_of(instrument)
    same = nearest_starts(free[instrument.id], slot.duration, slot.start, rules, most=_SAME_MOST)
    fitting = [each for each in siblings if _has(free[each.id], slot, each)]
    return [Alternative("same", instrument, near_slot, seat) for near_slot in same] + [
        Alternative("sibling", each, slot) for each in fitting[:_SIBLINGS_MOST]
    ]


def _other_positions(
    instrument: Instrument,
    slot: Interval,
    at: datetime,
    whom: Person | None,
    seat: Seat,
    mover: int | None,
) -> list[Seat]:
    """Up to three positions on which the asked time can be had by somebody who asked for another one."""
    if seat.position is None:
        return []
    seats = [Seat(place) for place in range(1, instrument.positions + 1) if place != seat.position]
    available = availability_of_seats(instrument, slot, at, whom, seats, mover=mover)
    free = [
        each
        for each, found in zip(seats, available, strict=True)
        if _has(found.free, slot, instrument)
    ]
    return free[:_POSITIONS_MOST]


def _has(free: Sequence[Interval], slot: Interval, instrument: Instrument) -> bool:
    rules = rules_of(instrument)
    return rules.shortest <= slot.duration <= rules.longest and slot in nearest_starts(
        free, slot.duration, slot.start, rules, most=1
    )


def _instrument_and_siblings(instrument_id: int) -> tuple[Instrument, list[Instrument]]:
    rows = db.session.scalars(_IT_AND_SIBLINGS, {"instrument": instrument_id}).all()
    return rows[0], list(rows[1:])


def _it_and_siblings() -> Select[Instrument]:
    asked: BindParameter[int] = bindparam("instrument")
    has = instrument_technique.c
    own = select(has.technique_code).where(has.instrument_id == asked)
    alike = select(has.instrument_id).where(has.technique_code.in_(own), has.instrument_id != asked)
    return (
        select(Instrument)
        .options(joinedload(Instrument.facility).joinedload(Facility.host))
        .where(
            (Instrument.id == asked)
            | (Instrument.id.in_(alike.distinct()) & Instrument.status.in_(BOOKABLE))
        )
        .order_by((Instrument.id == asked).desc(), Instrument.slug)
        .limit(1 + _SIBLINGS_LOOKED_AT)
    )


_IT_AND_SIBLINGS = _it_and_siblings()
