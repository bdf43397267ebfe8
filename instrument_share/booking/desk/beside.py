"""What else takes an instrument on the days of a request: the calendar beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, null, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from ...catalogue.models import OpeningException
from ...catalogue.rules import ExceptionKind
from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.interval import Interval
from ..models import Booking, Hold

_HELD = "held"


@dataclass(frozen=True, slots=True)
class Taken:
    """A stretch in which somebody else holds the instrument (`held`), or nobody can (`closure`, `blocking`)."""

    kind: str
    slot: Interval


@dataclass(frozen=True, slots=True)
class Day:
    """The local days of a booking, midnight to midnight on the instrument's clock, and what else is in them."""

    window: Interval
    booked: Interval
    taken: tuple[Taken, ...] = ()

    @property
    def is_closed(self) -> bool:
        closures = (each.slot for each in self.taken if each.kind == ExceptionKind.CLOSURE)
        return any(slot.overlaps(self.booked) for slot in closures)


def days_of(bookings: Sequence[Booking]) -> dict[int, Day]:
    """The days by booking id, in one statement."""
    windows = {booking.id: _days(booking) for booking in bookings}
    rows = db.session.execute(
        union_all(_holds(bookings, windows), _exceptions(bookings, windows))
    ).all()
    return {
        booking.id: Day(
            windows[booking.id],
            booking.slot,
            tuple(
                Taken(row.kind, slot)
                for row in rows
                if row.instrument_id == booking.instrument_id and row.booking_id != booking.id
                for slot in [Interval(row.since, row.until)]
                if slot.overlaps(windows[booking.id])
            ),
        )
        for booking in bookings
    }


def _days(booking: Booking) -> Interval:
    """From the midnight before it begins to the one after it ends."""
    where = zone(booking.time_zone)
    first = booking.starts_at.astimezone(where).date()
    last = (booking.ends_at - timedelta(microseconds=1)).astimezone(where).date()
    ends = (first, last + timedelta(days=1))
    start, end = (datetime.combine(day, time(), where) for day in ends)
    return Interval(start, end)


def _holds(bookings: Sequence[Booking], windows: dict[int, Interval]) -> Select[*tuple[Any, ...]]:
    return select(
        Hold.instrument_id,
        literal(_HELD).label("kind"),
        Hold.held_from.label("since"),
        Hold.held_until.label("until"),
        Hold.booking_id,
    ).where(_near(bookings, windows, Hold.instrument_id, Hold.held_from, Hold.held_until))


def _exceptions(
    bookings: Sequence[Booking], windows: dict[int, Interval]
) -> Select[*tuple[Any, ...]]:
    row = OpeningException
    return select(
        row.instrument_id, row.kind, row.starts_at, row.ends_at, null().label("booking_id")
    ).where(
        row.kind != ExceptionKind.OPENING,
        _near(bookings, windows, row.instrument_id, row.starts_at, row.ends_at),
    )


def _near(
    bookings: Sequence[Booking],
    windows: dict[int, Interval],
    instrument: InstrumentedAttribute[int],
    since: InstrumentedAttribute[datetime],
    until: InstrumentedAttribute[datetime],
) -> ColumnElement[bool]:
    """Condition: it is of the same instrument as one of the bookings, and within that one's days."""
    wanted = {
        (each.instrument_id, windows[each.id].start, windows[each.id].end) for each in bookings
    }
    return or_(
        *(and_(instrument == key, since < end, until > start) for key, start, end in sorted(wanted))
    )
