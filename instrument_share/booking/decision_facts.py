"""What somebody who decides on requests needs to know beside them, read for a whole queue at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ..access.quota_left import minutes_left
from ..catalogue.queries import closures_of
from ..foundation.database import db
from ..foundation.interval import Interval
from .models import Booking
from .rules import LIVE


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """`quota_left`: minutes left to the agreement in the booking's year, None without a quota.

    `parallel`: how many other live bookings the applicant has at that time; `is_closed`: a closure was entered
    over the booked time.
    """

    quota_left: int | None
    parallel: int
    is_closed: bool

    def is_short(self, minutes: int) -> bool:
        """Whether less is left than the booking would take."""
        return self.quota_left is not None and self.quota_left < minutes


def facts_of(bookings: Sequence[Booking]) -> dict[int, DecisionFacts]:
    """The facts by booking id, in two queries and one for each calendar year that the bookings touch."""
    if not bookings:
        return {}
    quotas, parallels, closed = _quotas(bookings), _parallels(bookings), _closed(bookings)
    return {
        booking.id: DecisionFacts(
            quotas.get((booking.starts_at.year, booking.agreement_id)),
            parallels.get(booking.id, 0),
            booking.id in closed,
        )
        for booking in bookings
    }


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
    other = aliased(Booking)
    rows = db.session.execute(
        select(Booking.id, func.count(other.id))
        .join(
            other,
            (other.applicant_id == Booking.applicant_id)
            & (other.id != Booking.id)
            & (other.starts_at < Booking.ends_at)
            & (other.ends_at > Booking.starts_at),
        )
        .where(Booking.id.in_([booking.id for booking in bookings]), other.state.in_(LIVE))
        .group_by(Booking.id)
    )
    return {row[0]: row[1] for row in rows}


def _closed(bookings: Sequence[Booking]) -> set[int]:
    window = Interval(
        min(booking.held_from for booking in bookings),
        max(booking.held_until for booking in bookings),
    )
    closures = defaultdict(list)
    for row in closures_of({booking.instrument_id for booking in bookings}, window):
        if row.kind == "closure":
            closures[row.instrument_id].append(Interval(row.starts_at, row.ends_at))
    return {
        booking.id
        for booking in bookings
        if any(closure.overlaps(booking.slot) for closure in closures[booking.instrument_id])
    }
