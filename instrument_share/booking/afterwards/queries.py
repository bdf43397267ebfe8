"""Reading what followed a use, and the records of people and institutions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload

from ...catalogue.models import Facility, Instrument
from ...catalogue.within import instrument_within
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, may, may_judge, scopes_held
from ..models import Booking
from ..queries import booking_for, subject_of
from ..rules import State
from .errors import NotUsed
from .models import Aftermath, CreditEntry, Feedback, Publication
from .rules import FADES, Breach, Entry, score_of

USED = frozenset({State.COMPLETED, State.SETTLED})


@dataclass(frozen=True, slots=True)
class Afterwards:
    """A used booking with what was said of it, as far as the reader may see."""

    booking: Booking
    owed: Aftermath | None
    feedback: Feedback | None
    publications: Sequence[Publication]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Credit:
    """A record: `score` from 0 to 100, and the entries of the time that counts, the newest first."""

    score: int
    entries: Sequence[CreditEntry]


def used_booking(person: Person, reference: str, *, to_change: bool = False) -> Booking:
    """A booking that was used and that the person may see. Raises NotFound and NotUsed."""
    booking = booking_for(person, reference, to_change=to_change)
    if booking.state not in USED:
        raise NotUsed()
    return booking


def afterwards_of(person: Person, reference: str) -> Afterwards:
    """What followed the use. Raises NotFound and NotUsed."""
    booking = used_booking(person, reference)
    own = booking.applicant_id == person.id
    reads = own or may(actor_of(person), Permission.SEE_FEEDBACK, subject_of(booking))
    return Afterwards(
        booking,
        db.session.get(Aftermath, booking.id),
        db.session.get(Feedback, booking.id) if reads else None,
        publications_of(booking),
        own,
    )


def publications_of(booking: Booking) -> Sequence[Publication]:
    """What was reported for the booking, the oldest first."""
    return db.session.scalars(
        select(Publication).where(Publication.bookings.contains(booking)).order_by(Publication.id)
    ).all()


def credit_of(person: Person, at: datetime) -> Credit:
    """A person's record, in one statement; policies may look at its score."""
    return _credit(CreditEntry.person_id == person.id, at)


def credit_of_institution(institution_id: int, at: datetime) -> Credit:
    """The record of everything that was booked for an institution, in one statement."""
    return _credit(CreditEntry.institution_id == institution_id, at)


def _credit(whose: ColumnElement[bool], at: datetime) -> Credit:
    entries = db.session.scalars(
        _described()
        .where(whose, CreditEntry.happened_at > at - FADES)
        .order_by(CreditEntry.happened_at.desc(), CreditEntry.id.desc())
    ).all()
    weighed = (Entry(Breach(each.kind), each.happened_at, each.counts) for each in entries)
    return Credit(score_of(weighed, at), entries)


def entry_for(person: Person, entry_id: int, *, to_change: bool = False) -> CreditEntry:
    """An entry, for the person on whose record it stands and for whoever decides on it. Raises NotFound."""
    query = _described().where(CreditEntry.id == entry_id)
    if to_change:
        query = query.with_for_update(of=CreditEntry).execution_options(populate_existing=True)
    entry = db.session.scalar(query)
    if entry is None or not (entry.person_id == person.id or may_decide_on(person, entry)):
        raise NotFound()
    return entry


def may_decide_on(person: Person, entry: CreditEntry) -> bool:
    """Whether the person upholds or lifts an entry; nobody does on their own record, or as a deputy of whose it is."""
    about = replace(subject_of(entry.booking), owner_id=entry.person_id)
    return may_judge(actor_of(person), Permission.DECIDE_CREDIT, about)


def contested_before(person: Person) -> Sequence[CreditEntry]:
    """Contested entries that wait for this person, the longest first."""
    held = scopes_held(actor_of(person), Permission.DECIDE_CREDIT, "host")
    if not held:
        return []
    entries = db.session.scalars(
        _described()
        .where(
            CreditEntry.contested_at.is_not(None),
            CreditEntry.verdict.is_(None),
            CreditEntry.person_id != person.id,
            instrument_within(held),
        )
        .order_by(CreditEntry.contested_at)
        .limit(100)
    )
    return [each for each in entries if may_decide_on(person, each)]


def results_owed_by(person: Person, at: datetime) -> Sequence[Aftermath]:
    """The person's uses whose results are overdue, the longest first."""
    return db.session.scalars(
        select(Aftermath)
        .join(Aftermath.booking)
        .where(
            Booking.applicant_id == person.id,
            Aftermath.reported_at.is_(None),
            Aftermath.due_at <= at,
        )
        .options(contains_eager(Aftermath.booking).joinedload(Booking.instrument))
        .order_by(Aftermath.due_at)
        .limit(100)
    ).all()


def _described() -> Select[CreditEntry]:
    booking = contains_eager(CreditEntry.booking)
    instrument = booking.contains_eager(Booking.instrument)
    return (
        select(CreditEntry)
        .join(CreditEntry.booking)
        .join(Booking.instrument)
        .join(Instrument.facility)
        .options(
            instrument.contains_eager(Instrument.facility).joinedload(Facility.host),
            joinedload(CreditEntry.person),
            joinedload(CreditEntry.decided_by),
        )
    )
