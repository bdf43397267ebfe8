"""Instrument minutes: granted, reserved, released and consumed by bookings, each from one pot.

Which pot a booking draws on is chosen when it is confirmed (`pots.pot_for`): its project's allocation, the share that
its institution owns of a co-built facility, or its agreement.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask_babel import lazy_gettext

from ...access.agreements.models import Agreement
from ...access.projects.models import ProjectAllocation
from ...access.rules import AgreementState
from ...booking.models import Booking
from ...foundation.errors import InvalidInput
from ..ledger import QuotaYear, allocations_of, post_minutes, quotas_of, reserved_for
from ..models import UsageRecord
from ..rules import EntryKind
from .pots import hold, is_still_from, may_draw, pot_for


def grant_due(agreement: Agreement, *, at: datetime) -> None:
    """Bring the grants of an active agreement to its yearly quota, for this year and the next as far as it is valid.

    A quota that was raised is granted the rest; one that was lowered is corrected. Years that are over stay as they
    were. An agreement that is not active is granted nothing new and keeps what it has.
    """
    if agreement.state != AgreementState.ACTIVE:
        return
    this = at.astimezone(UTC).year
    last = min(agreement.valid_until.year, this + 1)
    for year in range(max(agreement.valid_from.year, this), last + 1):
        bring_grant(agreement, year, at)


def grant_allocation(allocation: ProjectAllocation, *, at: datetime) -> None:
    """Bring the grant of a project's allocation to what was decided.

    Raises InvalidInput where less would be left than is reserved and used.
    """
    quota = allocations_of([allocation.id])[allocation.id]
    missing = allocation.minutes - quota.granted
    if -missing > max(quota.left, 0):
        raise InvalidInput(
            fields={
                "hours": lazy_gettext(
                    "%(time)s minutes of it are reserved or used. Allocate no less.",
                    time=quota.reserved + quota.used,
                )
            }
        )
    pot = QuotaYear(None, allocation.starts_on.year, allocation_id=allocation.id)
    kind = EntryKind.GRANT if missing > 0 else EntryKind.CORRECT
    post_minutes(kind, pot, abs(missing), at=at)


def reserve(booking: Booking, *, at: datetime) -> None:
    """Set aside what a confirmed booking will take of its pot in the year in which it starts.

    Raises QuotaExhausted where the pot, or the institution's part of the agreement, has less left.
    """
    if not may_draw(booking):
        return
    agreement, year = booking.agreement, booking.starts_at.year
    if agreement is not None:
        hold(agreement)
        if agreement.state == AgreementState.ACTIVE:
            bring_grant(agreement, year, at)
    pot = pot_for(booking)
    if pot is not None:
        post_minutes(EntryKind.RESERVE, pot, booking.slot.minutes, at=at, booking_id=booking.id)


def release(booking: Booking, *, at: datetime) -> None:
    """Give back whatever is still reserved for a booking."""
    for quota, minutes in reserved_for(booking.id).items():
        post_minutes(EntryKind.RELEASE, quota, minutes, at=at, booking_id=booking.id)


def reserve_anew(booking: Booking, *, at: datetime) -> None:
    """Have exactly what the new time of a confirmed booking takes reserved, in the year in which it starts now.

    Time that is given back is released, which nothing refuses. Else what was reserved before counts as left; raises
    QuotaExhausted where that is not enough.
    """
    if not may_draw(booking):
        return
    reserved = reserved_for(booking.id)
    if len(reserved) == 1:
        ((pot, minutes),) = reserved.items()
        spare = minutes - booking.slot.minutes
        if spare >= 0 and is_still_from(pot, booking):
            post_minutes(EntryKind.RELEASE, pot, spare, at=at, booking_id=booking.id)
            return
    if booking.agreement is not None:
        hold(booking.agreement)
    release(booking, at=at)
    reserve(booking, at=at)


def consume(booking: Booking, usage: UsageRecord, *, at: datetime) -> None:
    """Take what was really used of the pot that it was reserved from, in the year of the use, whatever was reserved.

    Where nothing was reserved, the agreement is used.
    """
    reserved = reserved_for(booking.id)
    release(booking, at=at)
    pot = next(iter(reserved), None)
    if pot is None and booking.agreement_id is not None:
        pot = QuotaYear(booking.agreement_id, usage.started_at.year)
    if pot is None:
        return
    year = pot.year if pot.allocation_id else usage.started_at.year
    post_minutes(
        EntryKind.CONSUME, replace(pot, year=year, institution_id=usage.institution_id),
        usage.minutes, at=at, booking_id=booking.id, usage_id=usage.id,
    )  # fmt: skip


def bring_grant(agreement: Agreement, year: int, at: datetime) -> None:
    """Grant what a year of an active agreement lacks of its yearly quota, or take back what it has beyond it."""
    missing = agreement.yearly_minutes - quotas_of([agreement.id], year)[agreement.id].granted
    kind = EntryKind.GRANT if missing > 0 else EntryKind.CORRECT
    post_minutes(kind, QuotaYear(agreement.id, year), abs(missing), at=at)
