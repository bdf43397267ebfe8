"""What people tell after a use, and what becomes of results that do not come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...catalogue.models import Instrument
from ...foundation.chores import claimed
from ...foundation.database import db
from ...foundation.errors import Forbidden, InvalidInput
from ...foundation.identifiers import normalize_doi
from ...foundation.signals import results_overdue
from ...foundation.upsert import insert_into
from ...identity import audit
from ...identity.models import Person
from ..models import Booking
from . import credit
from .errors import AlreadyGiven, AlreadyReported
from .models import Aftermath, Feedback, Publication
from .queries import used_booking
from .rules import BETWEEN_REMINDERS, MOST_REMINDERS, RESULTS_AFTER, Breach, next_step
from .values import Marks, Paper

_PAGE = 200


def begin(booking: Booking, at: datetime) -> None:
    """The use is over: from now on its results are awaited."""
    due_at = (booking.ended_at or at) + RESULTS_AFTER
    db.session.add(Aftermath(booking_id=booking.id, due_at=due_at, step_at=next_step(due_at, 0)))
    db.session.flush()


def give_feedback(reference: str, marks: Marks, *, by: Person, at: datetime) -> Feedback:
    """Say how the use went. Raises NotFound, NotUsed, AlreadyGiven, and Forbidden for others than the applicant."""
    booking = _own(reference, by)
    if db.session.get(Feedback, booking.id):
        raise AlreadyGiven()
    feedback = Feedback(
        booking_id=booking.id,
        instrument=marks.instrument,
        support=marks.support,
        booking_itself=marks.booking_itself,
        text=marks.text,
        given_at=at,
    )
    db.session.add(feedback)
    db.session.flush()
    return feedback


def report_publication(reference: str, paper: Paper, *, by: Person, at: datetime) -> Publication:
    """Report what was published; one that is known by its DOI gets this booking, too.

    Raises NotFound, NotUsed, Forbidden, InvalidInput where this is no DOI, and AlreadyReported.
    """
    booking = _own(reference, by)
    doi = normalize_doi(paper.doi)
    if doi is None:
        raise InvalidInput(
            fields={"doi": gettext("This is not a DOI. Write it as in 10.1000/182.")}
        )
    publication = _publication(doi, paper, booking, by, at)
    if booking in publication.bookings:
        raise AlreadyReported()
    publication.bookings.append(booking)
    audit.record("publication.report", "booking", reference, by=by.id, at=at, doi=doi)
    _note_results(booking, "", by, at)
    return publication


def _publication(doi: str, paper: Paper, booking: Booking, by: Person, at: datetime) -> Publication:
    """The one with this DOI, as it was first reported, whoever else reports it at this moment."""
    first = insert_into(Publication).values(
        doi=doi, title=paper.title, acknowledged=paper.acknowledged,
        project_id=booking.project_id, reported_by_id=by.id, reported_at=at,
    )  # fmt: skip
    db.session.execute(first.on_conflict_do_nothing(index_elements=["doi"]))
    return db.session.scalars(select(Publication).where(Publication.doi == doi)).one()


def report_results(reference: str, text: str, *, by: Person, at: datetime) -> None:
    """Say what came of the use where it is no paper, or none yet. Raises NotFound, NotUsed, Forbidden."""
    _note_results(_own(reference, by), text, by, at)


def _note_results(booking: Booking, text: str, by: Person, at: datetime) -> None:
    owed = db.session.get(Aftermath, booking.id, with_for_update=True)
    if owed is None:  # finished before results were asked for
        owed = Aftermath(booking_id=booking.id, due_at=at, reminders=0)
        db.session.add(owed)
    owed.reported_at, owed.step_at = at, None
    owed.results = text or owed.results
    credit.mend(booking, Breach.UNREPORTED, by=by, at=at)
    db.session.flush()


def _own(reference: str, by: Person) -> Booking:
    """The applicant's own used booking, locked: what is told of it comes one after the other."""
    booking = used_booking(by, reference, to_change=True)
    if booking.applicant_id != by.id:
        raise Forbidden()
    return booking


def due_results(at: datetime, besides: Collection[int] = ()) -> Sequence[int]:
    """Bookings whose results are overdue and about which something happens now, the longest due first."""
    return db.session.scalars(
        select(Aftermath.booking_id)
        .where(Aftermath.step_at <= at, Aftermath.booking_id.not_in(besides))
        .order_by(Aftermath.step_at, Aftermath.booking_id)
        .limit(_PAGE)
    ).all()


def pursue(booking_id: int, at: datetime) -> bool:
    """Remind of results, at most three times; after that the record says that they are missing."""
    owed = claimed(
        select(Aftermath)
        .where(Aftermath.booking_id == booking_id, Aftermath.step_at <= at)
        .options(
            joinedload(Aftermath.booking)
            .joinedload(Booking.instrument)
            .joinedload(Instrument.facility)
        )
    )
    if owed is None:
        return False
    if owed.reminders < MOST_REMINDERS:
        results_overdue.send(owed.booking, at=at)
    else:
        credit.note(owed.booking, Breach.UNREPORTED, at)
    owed.reminders += 1
    owed.step_at = _not_before(next_step(owed.due_at, owed.reminders), at)
    db.session.flush()
    return True


def _not_before(moment: datetime | None, at: datetime) -> datetime | None:
    """A worker that was away for long does not remind of the same results several times at once."""
    return max(moment, at + BETWEEN_REMINDERS / 2) if moment else None
