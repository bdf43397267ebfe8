"""How applicants and their institutions have kept their bookings in the last year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from ...foundation.database import db
from ..afterwards.models import CreditEntry, Feedback
from ..afterwards.rules import Breach, Verdict
from ..models import Booking
from ..rules import State

#: How far back a record reaches.
REACHES_BACK = timedelta(days=365)

_LIFTED = exists().where(
    CreditEntry.booking_id == Booking.id,
    CreditEntry.kind != Breach.UNREPORTED,
    CreditEntry.verdict == Verdict.LIFTED,
)
_UNREPORTED = exists().where(
    CreditEntry.booking_id == Booking.id,
    CreditEntry.kind == Breach.UNREPORTED,
    CreditEntry.verdict.is_distinct_from(Verdict.LIFTED),
    CreditEntry.mended_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class Record:
    """How many bookings were used, missed, and cancelled after the deadline; on how many uses feedback was given, and
    of how many results are missing. What was contested and lifted does not count.
    """

    used: int = 0
    no_shows: int = 0
    late_cancellations: int = 0
    unreported: int = 0
    feedback: int = 0

    def __add__(self, other: Record) -> Record:
        return Record(
            self.used + other.used,
            self.no_shows + other.no_shows,
            self.late_cancellations + other.late_cancellations,
            self.unreported + other.unreported,
            self.feedback + other.feedback,
        )

    @property
    def is_new(self) -> bool:
        return self == Record()

    @property
    def is_spotless(self) -> bool:
        return not (self.no_shows or self.late_cancellations or self.unreported)


@dataclass(frozen=True, slots=True)
class Records:
    """The records of everybody in a queue, by person and by institution."""

    people: Mapping[int, Record]
    institutions: Mapping[int | None, Record]

    def of_applicant(self, booking: Booking) -> Record:
        return self.people.get(booking.applicant_id, Record())

    def of_institution(self, booking: Booking) -> Record:
        return self.institutions.get(booking.institution_id, Record())


def records_of(bookings: Sequence[Booking], at: datetime) -> Records:
    """The records of the applicants and of their institutions, in one statement."""
    people = {booking.applicant_id for booking in bookings}
    homes = {booking.institution_id for booking in bookings if booking.institution_id}
    rows = db.session.execute(
        select(
            Booking.applicant_id,
            Booking.institution_id,
            _count(Booking.state.in_((State.COMPLETED, State.SETTLED))),
            _count(and_(Booking.state == State.NO_SHOW, ~_LIFTED)),
            _count(and_(Booking.state == State.CANCELLED, Booking.late, ~_LIFTED)),
            _count(_UNREPORTED),
            _count(exists().where(Feedback.booking_id == Booking.id)),
        )
        .where(
            or_(Booking.applicant_id.in_(people), Booking.institution_id.in_(homes)),
            Booking.starts_at.between(at - REACHES_BACK, at),
        )
        .group_by(Booking.applicant_id, Booking.institution_id)
    )
    return _summed([(row[0], row[1], Record(*row[2:])) for row in rows])


def _summed(rows: Sequence[tuple[int, int | None, Record]]) -> Records:
    by_person: dict[int, Record] = defaultdict(Record)
    by_home: dict[int | None, Record] = defaultdict(Record)
    for person_id, home_id, record in rows:
        by_person[person_id] += record
        if home_id is not None:
            by_home[home_id] += record
    return Records(by_person, by_home)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
