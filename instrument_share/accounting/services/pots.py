"""Which pot of minutes a booking draws on, and what is left of it.

The rule, in this order; a booking is never split over two pots:

1. the allocation that its project has for the day and facility of its start; where too little is left, it is refused;
2. the share of a co-built facility that the booking's institution owns, while the whole booking fits into what is left;
3. its agreement, within the institution's own ceiling; where too little is left, it is refused.

Nothing is asked of the database for the first two unless the project says that it has allocations (`allocated`) or
the facility that it is `shared`.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import or_, select

from ...access.agreements.models import Agreement, AgreementPartner
from ...access.projects.models import ProjectAllocation
from ...access.shares.models import FacilityShare
from ...booking.models import Booking
from ...foundation.database import db
from ..errors import QuotaExhausted
from ..ledger import QuotaYear, allocations_of, quotas_of, shares_of, taken_by


def may_draw(booking: Booking) -> bool:
    """Whether there is any pot that the booking could draw on, by what is loaded with it."""
    return booking.agreement is not None or _has_allocations(booking) or _is_shared(booking)


def pot_for(booking: Booking) -> QuotaYear | None:
    """The pot from which the booking's minutes are reserved, None where there is none.

    Its rows are locked, so that others who draw on it take turns. Raises QuotaExhausted.
    """
    allocation = _allocation_of(booking) if _has_allocations(booking) else None
    if allocation is not None:
        _check(allocations_of([allocation.id])[allocation.id].left, booking, _NO_ALLOCATION)
        return _from_allocation(allocation, booking)
    share = _share_of(booking) if _is_shared(booking) else None
    if share is not None:
        return share
    if booking.agreement is None:
        return None
    pot = QuotaYear(booking.agreement.id, booking.starts_at.year, booking.institution_id)
    _check_agreement(booking.agreement, pot, booking.slot.minutes)
    return pot


def is_still_from(pot: QuotaYear, booking: Booking) -> bool:
    """Whether what was reserved from a pot stays with it now that the booking has another time."""
    if pot.allocation_id is not None:
        allocation = db.session.get(ProjectAllocation, pot.allocation_id)
        day = booking.starts_at.date()
        return allocation is not None and allocation.starts_on <= day <= allocation.ends_on
    return pot.year == booking.starts_at.year


def hold(agreement: Agreement) -> None:
    """Have those who draw on an agreement take turns, so that each sees what the one before it left.

    Its terms are read anew: what was lowered a moment ago must not be granted again.
    """
    terms = ["version", "state", "yearly_minutes"]
    db.session.refresh(agreement, terms, with_for_update={"key_share": True})


def _has_allocations(booking: Booking) -> bool:
    return booking.project is not None and booking.project.allocated


def _is_shared(booking: Booking) -> bool:
    return booking.institution_id is not None and booking.instrument.facility.shared


def _allocation_of(booking: Booking) -> ProjectAllocation | None:
    """One that names the facility goes before one for any."""
    day, facility = booking.starts_at.date(), booking.instrument.facility_id
    return db.session.scalar(
        select(ProjectAllocation)
        .where(
            ProjectAllocation.project_id == booking.project_id,
            ProjectAllocation.starts_on <= day,
            ProjectAllocation.ends_on >= day,
            or_(
                ProjectAllocation.facility_id.is_(None),
                ProjectAllocation.facility_id == facility,
            ),
        )
        .order_by(ProjectAllocation.facility_id.is_(None), ProjectAllocation.id)
        .limit(1)
        .with_for_update(key_share=True)
    )


def _from_allocation(allocation: ProjectAllocation, booking: Booking) -> QuotaYear:
    return QuotaYear(
        None, allocation.starts_on.year, booking.institution_id, allocation_id=allocation.id
    )


def _share_of(booking: Booking) -> QuotaYear | None:
    share = db.session.scalar(
        select(FacilityShare)
        .where(
            FacilityShare.facility_id == booking.instrument.facility_id,
            FacilityShare.institution_id == booking.institution_id,
        )
        .with_for_update(key_share=True)
    )
    if share is None:
        return None
    year = booking.starts_at.year
    if shares_of([share.id], year)[share.id].left < booking.slot.minutes:
        return None
    return QuotaYear(None, year, booking.institution_id, share_id=share.id)


def _check_agreement(agreement: Agreement, quota: QuotaYear, minutes: int) -> None:
    left = quotas_of([agreement.id], quota.year)[agreement.id].left
    ceiling = db.session.scalar(
        select(AgreementPartner.yearly_minutes).where(
            AgreementPartner.agreement_id == agreement.id,
            AgreementPartner.institution_id == quota.institution_id,
        )
    )
    if ceiling is not None:
        left = min(left, ceiling - taken_by(quota))
    if minutes > left:
        raise _exhausted(agreement, minutes, left)


def _check(left: int, booking: Booking, sentence: Any) -> None:
    if booking.slot.minutes > left:
        raise QuotaExhausted(
            sentence, left_minutes=max(left, 0), needed_minutes=booking.slot.minutes
        )


_NO_ALLOCATION = lazy_gettext(
    "The project has not enough allocated time left for this. Ask for less time, or ask its lead for more."
)


def _exhausted(agreement: Agreement, needed: int, left: int) -> QuotaExhausted:
    return QuotaExhausted(
        lazy_gettext(
            "The agreement %(agreement)s has %(left)s minutes left this year and the booking needs %(needed)s. "
            "Shorten it, or agree on more time.",
            agreement=agreement.reference,
            left=max(left, 0),
            needed=needed,
        ),
        agreement=agreement.reference,
        left_minutes=max(left, 0),
        needed_minutes=needed,
    )
