"""Which bookings closures and blockings hit, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from ...access.reserved import standings_of
from ...catalogue.closing.values import Hit
from ...catalogue.models import Instrument, OpeningException
from ...catalogue.outside.models import OutsideCalendar
from ...catalogue.rules import ExceptionKind
from ...foundation.database import db
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import may
from ..availability.barriers import stands_before
from ..models import Booking
from ..queries import subject_of
from ..rules import LIFECYCLE, LIVE, Action, State


def hits_on(instrument_id: int, at: datetime) -> list[Hit]:
    """Everything on an instrument that lies in a closure or blocking and is not over, by start."""
    return _hits(Booking.instrument_id == instrument_id, at)


def hits_by(exceptions: Sequence[OpeningException], at: datetime) -> list[Hit]:
    """What lies in these stretches of time, by start."""
    return _hits(OpeningException.id.in_([row.id for row in exceptions]), at)


def hits_of(booking: Booking, at: datetime) -> list[OpeningException]:
    """The closures and blockings that stand in the way of a booking that still holds its time."""
    pairs = _pairs(Booking.id == booking.id, at)
    standing = standings_of([booking.applicant]).get(booking.applicant_id) if pairs else None
    return [row for _, row in pairs if stands_before(row, standing, at)]


def to_come(instrument: Instrument, at: datetime) -> Sequence[OpeningException]:
    """What opens, closes or blocks an instrument now or later, by start."""
    return db.session.scalars(
        select(OpeningException)
        .where(
            OpeningException.instrument_id == instrument.id,
            OpeningException.ends_at > at,
            OpeningException.outside_calendar_id.is_(None),
        )
        .order_by(OpeningException.starts_at, OpeningException.id)
    ).all()


def outside_calendars_of(instrument: Instrument) -> Sequence[OutsideCalendar]:
    """The calendars of others that close an instrument, in the order in which they were added."""
    return db.session.scalars(
        select(OutsideCalendar)
        .where(OutsideCalendar.instrument_id == instrument.id)
        .order_by(OutsideCalendar.id)
    ).all()


def bookings_of(hits: Sequence[Hit]) -> list[Booking]:
    """The bookings that were hit, in the order of the hits, with what a message tells of them."""
    rows = db.session.scalars(
        select(Booking)
        .where(Booking.id.in_([hit.booking_id for hit in hits]))
        .options(
            joinedload(Booking.applicant),
            joinedload(Booking.instrument).joinedload(Instrument.facility),
        )
    )
    by_id = {booking.id: booking for booking in rows}
    return [by_id[hit.booking_id] for hit in hits]


def cancellable(hits: Sequence[Hit], person: Person) -> set[str]:
    """The references of those that the person may cancel."""
    actor = actor_of(person)
    return {
        booking.reference
        for booking in bookings_of(hits)
        if (step := LIFECYCLE.get((State(booking.state), Action.CANCEL)))
        and step.permission
        and may(actor, step.permission, subject_of(booking))
    }


def _hits(which: ColumnElement[bool], at: datetime) -> list[Hit]:
    found: dict[int, list[OpeningException]] = defaultdict(list)
    bookings: dict[int, Booking] = {}
    for booking, row in _pairs(which, at):
        bookings[booking.id] = booking
        found[booking.id].append(row)
    standings = standings_of([each.applicant for each in bookings.values()]) if bookings else {}
    return [
        _hit(
            booking,
            found[key],
            [row for row in found[key] if stands_before(row, standings[booking.applicant_id], at)],
        )
        for key, booking in bookings.items()
    ]


def _pairs(which: ColumnElement[bool], at: datetime) -> list[tuple[Booking, OpeningException]]:
    """Bookings with each closure or blocking that their held time meets."""
    rows = db.session.execute(
        select(Booking, OpeningException)
        .join(
            OpeningException,
            and_(
                OpeningException.instrument_id == Booking.instrument_id,
                OpeningException.starts_at < Booking.held_until,
                OpeningException.ends_at > Booking.held_from,
            ),
        )
        .options(joinedload(Booking.applicant), joinedload(Booking.institution))
        .where(
            which,
            Booking.state.in_(LIVE),
            Booking.ends_at > at,
            OpeningException.ends_at > at,
            OpeningException.kind != ExceptionKind.OPENING,
        )
        .order_by(Booking.starts_at, Booking.id, OpeningException.starts_at)
    )
    return [(booking, row) for booking, row in rows if not row.is_released(at)]


def _hit(
    booking: Booking, met: Sequence[OpeningException], standing: Sequence[OpeningException]
) -> Hit:
    return Hit(
        booking.id,
        booking.reference,
        booking.state,
        booking.slot,
        booking.time_zone,
        booking.applicant.display_name,
        booking.institution.names if booking.institution else {},
        tuple(row.id for row in standing or met),
        stays=not standing,
    )
