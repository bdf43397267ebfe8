"""Reading what calendars show: columns only, never objects, because programs ask for feeds all
day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, literal, or_, select

from ..booking.appointments import STATUS
from ..booking.models import Booking
from ..booking.rules import State
from ..catalogue.models import Facility, Instrument
from ..foundation.calendar.event import Status
from ..foundation.database import db
from ..foundation.errors import NotFound
from ..foundation.localized import LocalizedText
from ..identity.models import Person
from .addresses import secret_key
from .models import Calendar
from .rules import FeedWindow, is_token_of, person_id_in

#: Rows of the columns that the query names.
Rows = Sequence[Any]

_GONE = [state for state, status in STATUS.items() if status is Status.CANCELLED]


@dataclass(frozen=True, slots=True)
class FeedHead:
    """All that a `304 Not Modified` needs, and the feed's name and home zone."""

    key: str
    id: int
    names: LocalizedText
    time_zone: str
    version: int
    changed_at: datetime | None
    language: str | None = None


def instrument_feed(slug: str) -> FeedHead:
    """The head of an instrument's feed, in one statement by unique keys. Raises NotFound."""
    return _head(
        "instrument",
        select(Instrument.id, Instrument.names, Facility.time_zone, *_version())
        .join(Facility, Facility.id == Instrument.facility_id)
        .outerjoin(Calendar, Calendar.key == _key("instrument", Instrument.id))
        .where(Instrument.slug == slug),
    )


def facility_feed(slug: str) -> FeedHead:
    """The head of a facility's feed, in one statement by unique keys. Raises NotFound."""
    return _head(
        "facility",
        select(Facility.id, Facility.names, Facility.time_zone, *_version())
        .outerjoin(Calendar, Calendar.key == _key("facility", Facility.id))
        .where(Facility.slug == slug),
    )


def private_feed(token: str) -> FeedHead:
    """The head of the feed that a secret address opens, in one statement by primary keys.

    Raises NotFound where the address is void, was never ours, or its person is suspended.
    """
    person_id = person_id_in(token)
    row = db.session.execute(
        select(Person.language, Person.time_zone, Person.suspended_at, *_version())
        .outerjoin(Calendar, Calendar.key == f"person:{person_id}")
        .where(Person.id == person_id)
    ).first()
    if row is None or person_id is None or row.suspended_at:
        raise NotFound()
    if not is_token_of(token, secret_key(), person_id, row.secret_serial or 1):
        raise NotFound()
    return FeedHead(
        f"person:{person_id}",
        person_id,
        {},
        row.time_zone,
        row.version or 0,
        row.changed_at,
        row.language,
    )


def public_bookings(whose: ColumnElement[bool], window: FeedWindow) -> Rows:
    """Held time of the instruments that `whose` chooses, by start, with nothing about people."""
    return db.session.execute(
        select(
            Booking.reference,
            Booking.sequence,
            Booking.state,
            Booking.held_from,
            Booking.held_until,
            Booking.time_zone,
            Booking.changed_at,
            Instrument.names,
            Instrument.slug,
        )
        .join(Instrument, Instrument.id == Booking.instrument_id)
        .where(whose, *_shown(window))
        .order_by(Booking.held_from, Booking.id)
    ).all()


def bookings_of_person(person_id: int, window: FeedWindow) -> Rows:
    """The person's own bookings, by start, with the names that their calendar shows."""
    return db.session.execute(
        select(
            Booking.reference,
            Booking.sequence,
            Booking.state,
            Booking.starts_at,
            Booking.ends_at,
            Booking.time_zone,
            Booking.changed_at,
            Booking.access_mode,
            Instrument.names.label("instrument"),
            Facility.names.label("facility"),
        )
        .join(Instrument, Instrument.id == Booking.instrument_id)
        .join(Facility, Facility.id == Instrument.facility_id)
        .where(Booking.applicant_id == person_id, *_shown(window))
        .order_by(Booking.starts_at, Booking.id)
    ).all()


def people_expecting(instrument_id: int, at: datetime) -> Sequence[int]:
    """Ids of the people whose calendars show time on the instrument that is not over."""
    return db.session.scalars(
        select(Booking.applicant_id)
        .where(
            Booking.instrument_id == instrument_id,
            Booking.ends_at > at,
            Booking.submitted_at.is_not(None),
        )
        .distinct()
    ).all()


def calendars_near(person: Person, limit: int = 12) -> Rows:
    """Instruments that the person asked for last, each with its facility: whose calendars they
    may want.
    """
    latest = (
        select(Booking.instrument_id)
        .where(Booking.applicant_id == person.id)
        .group_by(Booking.instrument_id)
        .order_by(db.func.max(Booking.created_at).desc())
        .limit(limit)
        .subquery()
    )
    return db.session.execute(
        select(
            Instrument.slug,
            Instrument.names,
            Facility.slug.label("facility_slug"),
            Facility.names.label("facility_names"),
        )
        .join(latest, latest.c.instrument_id == Instrument.id)
        .join(Facility, Facility.id == Instrument.facility_id)
        .order_by(Facility.slug, Instrument.slug)
    ).all()


def _head(kind: str, query: Select[Any]) -> FeedHead:
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound()
    return FeedHead(
        f"{kind}:{row.id}", row.id, row.names, row.time_zone, row.version or 0, row.changed_at
    )


def _shown(window: FeedWindow) -> tuple[ColumnElement[bool], ...]:
    """What a feed shows: everything that was ever asked for; what was called off for a while
    only.
    """
    kept = and_(Booking.state.in_(_GONE), Booking.changed_at >= window.cancelled_since)
    return (
        Booking.starts_at >= window.since,
        or_(Booking.state.not_in(_GONE), kept),
        or_(Booking.state != State.DRAFT, Booking.submitted_at.is_not(None)),
    )


def _version() -> tuple[Any, ...]:
    return Calendar.version, Calendar.changed_at, Calendar.secret_serial


def _key(kind: str, column: Any) -> ColumnElement[str]:
    return literal(f"{kind}:") + cast(column, String)
