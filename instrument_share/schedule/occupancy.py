"""When instruments cannot be had within a window, for VFREEBUSY."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from ..booking.appointments import STATUS
from ..booking.availability.barriers import stands_before
from ..booking.models import Booking, Hold
from ..catalogue.queries import closures_of
from ..foundation.calendar.document import BusyKind
from ..foundation.calendar.event import Status
from ..foundation.database import db
from ..foundation.interval import Interval, subtract, union
from .rules import fully_taken

#: Stretches of time by start, each with the reason why it cannot be had.
Taken = list[tuple[Interval, BusyKind]]


def taken_of(positions: Mapping[int, int], window: Interval, at: datetime) -> dict[int, Taken]:
    """What cannot be had of each instrument (`positions` by its id) at the moment `at`, cut to the window."""
    confirmed, held = _held(positions, window)
    closed = _closed(positions, window, at)
    return {
        instrument_id: _stretches(
            fully_taken(confirmed[instrument_id], side_by_side),
            fully_taken(held[instrument_id], side_by_side),
            closed[instrument_id],
            window,
        )
        for instrument_id, side_by_side in positions.items()
    }


_ByInstrument = dict[int, list[Interval]]


def _held(
    instrument_ids: Mapping[int, int], window: Interval
) -> tuple[_ByInstrument, _ByInstrument]:
    """Time held by confirmed bookings, and by those together with requests."""
    confirmed: _ByInstrument = defaultdict(list)
    held: _ByInstrument = defaultdict(list)
    rows = db.session.execute(
        select(Hold.instrument_id, Hold.held_from, Hold.held_until, Booking.state)
        .join(Booking, Booking.id == Hold.booking_id)
        .where(
            Hold.instrument_id.in_(list(instrument_ids)),
            Hold.held_from < window.end,
            Hold.held_until > window.start,
        )
    )
    for row in rows:
        slot = Interval(row.held_from, row.held_until)
        held[row.instrument_id].append(slot)
        if STATUS[row.state] is Status.CONFIRMED:
            confirmed[row.instrument_id].append(slot)
    return confirmed, held


def _closed(instrument_ids: Mapping[int, int], window: Interval, at: datetime) -> _ByInstrument:
    closed: _ByInstrument = defaultdict(list)
    for found in closures_of(instrument_ids, window):
        if stands_before(found, None, at):  # time that is blocked is closed to whoever only looks
            closed[found.instrument_id].append(Interval(found.starts_at, found.ends_at))
    return closed


def _stretches(
    confirmed: list[Interval], held: list[Interval], closed: list[Interval], window: Interval
) -> Taken:
    """Each instant under one reason: closed before taken, taken before asked for."""
    taken = subtract(confirmed, closed)
    kinds = {
        BusyKind.UNAVAILABLE: union(closed),
        BusyKind.BUSY: taken,
        BusyKind.TENTATIVE: subtract(held, [*closed, *taken]),
    }
    return sorted(
        (part, kind)
        for kind, slots in kinds.items()
        for slot in slots
        if (part := slot.clipped(window))
    )
