"""What somebody who decides on requests needs to know beside them, read for a whole queue at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from ...access.quota_left import minutes_left
from ...catalogue.rules import LONGEST_BOOKING
from ...foundation.database import db
from ...foundation.interval import Interval
from ..models import Booking
from ..routing import pending_steps
from ..rules import LIVE
from .beside import Day, days_of
from .record import Record, records_of
from .rivals import Rival, rivals_of

_SOON = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """`quota_left`: minutes left to the agreement in the booking's year, None without a quota.

    `parallel`: how many other live bookings the applicant has at that time; `day`: what else takes the instrument on
    the booking's days; `rivals`: who waits for the same time; the records of the last year of the applicant and of
    their institution; `is_urgent`: the decision is expected within a day.
    """

    quota_left: int | None
    parallel: int
    day: Day
    rivals: tuple[Rival, ...]
    applicant: Record
    institution: Record
    is_urgent: bool

    @property
    def is_closed(self) -> bool:
        """A closure was entered over the booked time."""
        return self.day.is_closed

    def is_short(self, minutes: int) -> bool:
        """Whether less is left than the booking would take."""
        return self.quota_left is not None and self.quota_left < minutes

    def is_clear(self, booking: Booking, minutes: int) -> bool:
        """Whether nothing of all this warns against the request, which takes so many minutes."""
        lacks_quota = booking.agreement_id is not None and self.quota_left is None
        warned = lacks_quota or self.is_short(minutes) or self.is_closed or self.parallel
        return not (warned or self.rivals) and self.applicant.is_spotless


def facts_of(bookings: Sequence[Booking], at: datetime) -> dict[int, DecisionFacts]:
    """The facts by booking id, in four statements and one for each calendar year that the bookings touch."""
    if not bookings:
        return {}
    quotas, parallels = _quotas(bookings), _parallels(bookings)
    days, rivals = days_of(bookings), rivals_of(bookings)
    records = records_of(bookings, at)
    return {
        booking.id: DecisionFacts(
            quotas.get((booking.starts_at.year, booking.agreement_id)),
            parallels.get(booking.id, 0),
            days[booking.id],
            tuple(rivals.get(booking.id, ())),
            records.of_applicant(booking),
            records.of_institution(booking),
            _is_urgent(booking, at),
        )
        for booking in bookings
    }


def _is_urgent(booking: Booking, at: datetime) -> bool:
    return any(step.due_at and step.due_at <= at + _SOON for step in pending_steps(booking))


def _quotas(bookings: Sequence[Booking]) -> dict[tuple[int, int | None], int]:
    by_year: dict[int, set[int]] = defaultdict(set)
    for booking in bookings:
        if booking.agreement_id is not None:
            by_year[booking.starts_at.year].add(booking.agreement_id)
    return {
        (year, agreement_id): left
        for year, agreement_ids in by_year.items()
        for agreement_id, left in minutes_left(sorted(agreement_ids), year).items()
    }


def _parallels(bookings: Sequence[Booking]) -> dict[int, int]:
    near = or_(*(_may_meet(booking) for booking in bookings))
    others = db.session.execute(
        select(Booking.id, Booking.applicant_id, Booking.starts_at, Booking.ends_at).where(
            Booking.state.in_(LIVE), near
        )
    ).all()
    return {booking.id: sum(_is_beside(row, booking) for row in others) for booking in bookings}


def _may_meet(booking: Booking) -> ColumnElement[bool]:
    """Condition on other bookings of the applicant: found by ix_booking_applicant_start, for none is longer."""
    return and_(
        Booking.applicant_id == booking.applicant_id,
        Booking.starts_at < booking.ends_at,
        Booking.starts_at > booking.starts_at - LONGEST_BOOKING,
    )


def _is_beside(row: Any, booking: Booking) -> bool:
    return bool(
        row.applicant_id == booking.applicant_id
        and row.id != booking.id
        and Interval(row.starts_at, row.ends_at).overlaps(booking.slot)
    )
