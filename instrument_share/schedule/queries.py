"""Reading what calendars show: columns only, never objects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from ..access.training.models import TrainingPlace, TrainingSession
from ..booking.appointments import STATUS
from ..booking.models import ApprovalStep, Booking, Hold
from ..booking.queries import waiting_for
from ..booking.rules import State
from ..catalogue.models import Facility, Instrument
from ..foundation.calendar.event import Status
from ..foundation.database import db
from ..foundation.interval import Interval
from ..identity.models import Institution, Person
from .rules import FeedWindow

#: Rows of the columns that the query names.
Rows = Sequence[Any]

_GONE = [state for state, status in STATUS.items() if status is Status.CANCELLED]


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
            Booking.instrument_id,
        )
        .where(whose, *_within(window))
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
            Booking.hold_expires_at,
            Booking.position,
            Booking.wanted_position,
            Booking.whole,
            Instrument.names.label("instrument"),
            Instrument.positions,
            Instrument.position_names,
            Facility.names.label("facility"),
        )
        .join(Instrument, Instrument.id == Booking.instrument_id)
        .join(Facility, Facility.id == Instrument.facility_id)
        .where(Booking.applicant_id == person_id, *_within(window))
        .order_by(Booking.starts_at, Booking.id)
    ).all()


def trainings_of_person(person_id: int, window: FeedWindow) -> Rows:
    """The trainings in which the person has a seat, and those they give, by start."""
    has_seat = exists().where(
        TrainingPlace.session_id == TrainingSession.id,
        TrainingPlace.person_id == person_id,
        TrainingPlace.seat.is_not(None),
    )
    return db.session.execute(
        select(
            TrainingSession.reference,
            TrainingSession.starts_at,
            TrainingSession.ends_at,
            TrainingSession.time_zone,
            TrainingSession.state,
            TrainingSession.venue,
            TrainingSession.remote_url,
            TrainingSession.moves,
            Instrument.names.label("instrument"),
            Facility.names.label("facility"),
        )
        .join(Facility, Facility.id == TrainingSession.facility_id)
        .outerjoin(Instrument, Instrument.id == TrainingSession.instrument_id)
        .where(
            TrainingSession.starts_at >= window.since,
            or_(TrainingSession.trainer_id == person_id, has_seat),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    ).all()


def requests_waiting_for(person_id: int, most: int = 1000) -> Rows:
    """The requests that wait for the person's decision, by start, with who asks."""
    person = db.session.get_one(Person, person_id)
    applicant = aliased(Person)
    return db.session.execute(
        waiting_for(person)
        .join(applicant, applicant.id == Booking.applicant_id)
        .outerjoin(Institution, Institution.id == Booking.institution_id)
        .with_only_columns(
            Booking.reference,
            Booking.sequence,
            Booking.starts_at,
            Booking.ends_at,
            Booking.time_zone,
            Booking.changed_at,
            ApprovalStep.due_at,
            Instrument.names.label("instrument"),
            Facility.names.label("facility"),
            applicant.display_name.label("applicant"),
            Institution.names.label("institution"),
            literal(person.time_zone).label("reader_zone"),
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(most)
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
    """Instruments that the person asked for last, each with its facility: whose calendars they may want."""
    latest = (
        select(Booking.instrument_id)
        .where(Booking.applicant_id == person.id)
        .group_by(Booking.instrument_id)
        .order_by(func.max(Booking.created_at).desc())
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


def _within(window: FeedWindow) -> tuple[ColumnElement[bool], ...]:
    """What a feed shows: everything that was ever asked for; what was called off for a while only."""
    kept = and_(Booking.state.in_(_GONE), Booking.changed_at >= window.cancelled_since)
    return (
        Booking.starts_at >= window.since,
        or_(Booking.state.not_in(_GONE), kept),
        or_(Booking.state != State.DRAFT, Booking.submitted_at.is_not(None)),
    )


def held_within(instrument_id: int, window: Interval) -> Rows:
    """What is held of an instrument in a window: from when until when, by which booking, for which institution."""
    return db.session.execute(
        select(
            Hold.held_from,
            Hold.held_until,
            Booking.state,
            Booking.reference,
            Institution.names.label("institution"),
        )
        .join(Booking, Booking.id == Hold.booking_id)
        .outerjoin(Institution, Institution.id == Booking.institution_id)
        .where(
            Hold.instrument_id == instrument_id,
            Hold.held_from < window.end,
            Hold.held_until > window.start,
        )
    ).all()
