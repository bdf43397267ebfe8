"""Reading training sessions, places and qualifications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ...catalogue.models import Facility, Instrument
from ...catalogue.queries import instrument_by_slug, scopes_of
from ...catalogue.rules import InstrumentStatus
from ...catalogue.within import facility_within, instrument_within
from ...foundation.database import db
from ...foundation.errors import Forbidden, NotFound
from ...identity.acting import actor_of, holders_of
from ...identity.models import Person
from ...identity.queries import names_of
from ...identity.rules import PROGRAMME, Permission, Role, Scope, Subject, may, scopes_held, subject
from ..rules import Level
from .models import Qualification, TrainingPlace, TrainingSession
from .rules import PlaceState, SessionState

_MOST = 100


def subject_of(facility: Facility, instrument: Instrument | None) -> Subject:
    """A session as the permission table sees it: its instrument, or its facility."""
    if instrument is not None:
        return subject(host=scopes_of(instrument))
    return subject(host=(Scope("facility", facility.id), Scope("institution", facility.host_id)))


def may_run(person: Person, session: TrainingSession) -> bool:
    return may(
        actor_of(person), Permission.QUALIFY, subject_of(session.facility, session.instrument)
    )


def session_by_reference(reference: str, *, to_change: bool = False) -> TrainingSession:
    """The session with all that its page shows; locked where places are to change. Raises NotFound."""
    query = _described().where(TrainingSession.reference == reference)
    if to_change:
        query = query.with_for_update(of=TrainingSession)
        query = query.execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def session_to_run(reference: str, *, by: Person) -> TrainingSession:
    """The session, locked, for whoever runs it. Raises NotFound and Forbidden."""
    session = session_by_reference(reference, to_change=True)
    if not may_run(by, session):
        raise Forbidden()
    return session


def sessions_to_come(at: datetime, instrument_slug: str | None = None) -> Sequence[TrainingSession]:
    """What is offered, the next first; for one instrument also what its facility offers for all.

    Raises NotFound for an instrument that is not there.
    """
    query = _described().where(
        TrainingSession.state == SessionState.OPEN, TrainingSession.starts_at > at
    )
    if instrument_slug:
        instrument = instrument_by_slug(instrument_slug)
        query = query.where(
            or_(
                TrainingSession.instrument_id == instrument.id,
                TrainingSession.instrument_id.is_(None)
                & (TrainingSession.facility_id == instrument.facility_id),
            )
        )
    return db.session.scalars(query.order_by(TrainingSession.starts_at).limit(_MOST)).all()


def sessions_run_by(person: Person) -> Sequence[TrainingSession]:
    """The sessions that the person may run, the latest first."""
    query = _described().where(_run_by(person)).order_by(TrainingSession.starts_at.desc())
    return db.session.scalars(query.limit(_MOST)).all()


def places_of(person: Person) -> Sequence[TrainingPlace]:
    """The person's own places, those to come first, without what they gave up."""
    return db.session.scalars(
        select(TrainingPlace)
        .join(TrainingPlace.session)
        .where(TrainingPlace.person_id == person.id, TrainingPlace.state != PlaceState.GIVEN_UP)
        .options(
            joinedload(TrainingPlace.session).joinedload(TrainingSession.instrument),
            joinedload(TrainingPlace.session).joinedload(TrainingSession.facility),
        )
        .order_by(TrainingSession.starts_at.desc())
        .limit(_MOST)
    ).all()


def place_of(person: Person, session: TrainingSession) -> TrainingPlace | None:
    """The person's own place in a session; one that they gave up is none."""
    own = (each for each in session.taken if each.person_id == person.id)
    return next((each for each in own if each.state != PlaceState.GIVEN_UP), None)


def seats_taken(sessions: Sequence[TrainingSession]) -> dict[int, int]:
    """How many seats of each session are taken, in one query."""
    rows = db.session.execute(
        select(TrainingPlace.session_id, func.count())
        .where(
            TrainingPlace.session_id.in_([each.id for each in sessions]),
            TrainingPlace.seat.is_not(None),
        )
        .group_by(TrainingPlace.session_id)
    )
    return {session_id: count for session_id, count in rows}  # noqa: C416 rows are typed


def qualifications_of(person: Person) -> Sequence[Qualification]:
    """What the person was qualified for, revoked ones too, by instrument."""
    return db.session.scalars(
        select(Qualification)
        .join(Qualification.instrument)
        .where(Qualification.person_id == person.id)
        .options(joinedload(Qualification.instrument))
        .order_by(Instrument.slug, Qualification.level)
    ).all()


def qualified_for(slug: str, *, by: Person) -> tuple[Instrument, Sequence[Qualification]]:
    """An instrument and everybody who was qualified for it, the latest first. Raises NotFound and Forbidden."""
    instrument = instrument_by_slug(slug)
    if not may(actor_of(by), Permission.QUALIFY, subject_of(instrument.facility, instrument)):
        raise Forbidden()
    rows = db.session.scalars(
        select(Qualification)
        .where(Qualification.instrument_id == instrument.id)
        .options(joinedload(Qualification.person).joinedload(Person.institution))
        .order_by(Qualification.issued_at.desc())
        .limit(500)
    )
    return instrument, rows.all()


def instruments_of(session: TrainingSession) -> Sequence[Instrument]:
    """The instruments that a session qualifies for."""
    if session.instrument is not None:
        return [session.instrument]
    return db.session.scalars(
        select(Instrument)
        .where(
            Instrument.facility_id == session.facility_id,
            Instrument.qualification != Level.NONE,
            Instrument.status != InstrumentStatus.RETIRED,
        )
        .order_by(Instrument.slug)
    ).all()


def places_to_train_at(person: Person) -> Sequence[Instrument]:
    """The instruments for which the person may offer a training, with their facilities."""
    held = scopes_held(actor_of(person), Permission.QUALIFY, "host")
    query = (
        select(Instrument)
        .join(Instrument.facility)
        .options(joinedload(Instrument.facility))
        .where(Instrument.status != InstrumentStatus.RETIRED)
        .order_by(Facility.slug, Instrument.slug)
    )
    return db.session.scalars(query.where(instrument_within(held))).all()


def trainers_for(instruments: Iterable[Instrument], today: date) -> dict[int, str]:
    """Who runs any of the instruments, their facilities or hosts: names by id, in a fixed number of statements."""
    scopes = {PROGRAMME, *(scope for each in instruments for scope in scopes_of(each))}
    people = {
        person_id
        for role in (Role.OPERATOR, Role.FACILITY_MANAGER)
        for person_id in holders_of(role, sorted(scopes, key=str), today)
    }
    return names_of(people)


def is_held(person: Person, on: date) -> ColumnElement[bool]:
    """Condition on Qualification: the person's, not revoked, and not run out on that day."""
    return (
        (Qualification.person_id == person.id)
        & Qualification.revoked_at.is_(None)
        & or_(Qualification.valid_until.is_(None), Qualification.valid_until >= on)
    )


def _described() -> Select[TrainingSession]:
    return select(TrainingSession).options(
        joinedload(TrainingSession.facility).joinedload(Facility.host),
        joinedload(TrainingSession.instrument).joinedload(Instrument.facility),
        joinedload(TrainingSession.trainer),
        joinedload(TrainingSession.time),
    )


def _run_by(person: Person) -> ColumnElement[bool]:
    held = scopes_held(actor_of(person), Permission.QUALIFY, "host")
    return or_(
        TrainingSession.instrument_id.in_(held.ids("instrument")),
        TrainingSession.facility_id.in_(select(Facility.id).where(facility_within(held))),
    )


def with_people(reference: str, *, by: Person) -> TrainingSession:
    """The session with everybody in it, for whoever runs it. Raises NotFound for the others."""
    session = db.session.scalar(
        _described()
        .where(TrainingSession.reference == reference)
        .options(
            selectinload(TrainingSession.taken)
            .joinedload(TrainingPlace.person)
            .joinedload(Person.institution)
        )
    )
    if session is None or not may_run(by, session):
        raise NotFound()
    return session
