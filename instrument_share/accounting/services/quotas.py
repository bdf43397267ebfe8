"""Instrument minutes of agreements: granted by the year, reserved, released and consumed by bookings."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import lazy_gettext
from sqlalchemy import select

from ...access.models import Agreement, AgreementPartner
from ...access.rules import AgreementState
from ...booking.models import Booking
from ...foundation.database import db
from ..errors import QuotaExhausted
from ..ledger import QuotaYear, post_minutes, quotas_of, reserved_for, taken_by
from ..models import UsageRecord
from ..rules import EntryKind


def grant_due(agreement: Agreement, *, at: datetime) -> None:
    """Bring the grants of an active agreement to its yearly quota, for every year of its validity up to the next.

    A quota that was raised is granted the rest; one that was lowered is corrected. An agreement that is not
    active is granted nothing new and keeps what it has.
    """
    if agreement.state != AgreementState.ACTIVE:
        return
    last = min(agreement.valid_until.year, at.astimezone(UTC).year + 1)
    for year in range(agreement.valid_from.year, last + 1):
        _grant(agreement, year, at)


def reserve(booking: Booking, *, at: datetime) -> None:
    """Set aside what a confirmed booking will take of its agreement's quota in the year in which it starts.

    Raises QuotaExhausted where the agreement, or the institution's share of it, has less left.
    """
    if booking.agreement is None:
        return
    _hold_quota_of(booking.agreement)
    quota = QuotaYear(booking.agreement.id, booking.starts_at.year, booking.institution_id)
    if booking.agreement.state == AgreementState.ACTIVE:
        _grant(booking.agreement, quota.year, at)
    minutes = booking.slot.minutes
    _check_left(booking.agreement, quota, minutes)
    post_minutes(EntryKind.RESERVE, quota, minutes, at=at, booking_id=booking.id)


def release(booking: Booking, *, at: datetime) -> None:
    """Give back whatever is still reserved for a booking."""
    for quota, minutes in reserved_for(booking.id).items():
        post_minutes(EntryKind.RELEASE, quota, minutes, at=at, booking_id=booking.id)


def reserve_anew(booking: Booking, *, at: datetime) -> None:
    """Have exactly what the new time of a confirmed booking takes reserved, in the year in which it starts now.

    Time that is given back is released, which nothing refuses. Else what was reserved before counts as left; raises
    QuotaExhausted where that is not enough.
    """
    if booking.agreement is None:
        return
    quota = QuotaYear(booking.agreement.id, booking.starts_at.year, booking.institution_id)
    reserved = reserved_for(booking.id)
    spare = reserved.get(quota, 0) - booking.slot.minutes
    if spare >= 0 and set(reserved) == {quota}:
        post_minutes(EntryKind.RELEASE, quota, spare, at=at, booking_id=booking.id)
        return
    _hold_quota_of(booking.agreement)
    release(booking, at=at)
    reserve(booking, at=at)


def consume(booking: Booking, usage: UsageRecord, *, at: datetime) -> None:
    """Take what was really used of the quota of the year in which it was used, whatever had been reserved."""
    release(booking, at=at)
    if booking.agreement_id is None:
        return
    quota = QuotaYear(booking.agreement_id, usage.started_at.year, usage.institution_id)
    post_minutes(
        EntryKind.CONSUME, quota, usage.minutes,
        at=at, booking_id=booking.id, usage_id=usage.id,
    )  # fmt: skip


def _grant(agreement: Agreement, year: int, at: datetime) -> None:
    missing = agreement.yearly_minutes - quotas_of([agreement.id], year)[agreement.id].granted
    kind = EntryKind.GRANT if missing > 0 else EntryKind.CORRECT
    post_minutes(kind, QuotaYear(agreement.id, year), abs(missing), at=at)


def _check_left(agreement: Agreement, quota: QuotaYear, minutes: int) -> None:
    left = quotas_of([agreement.id], quota.year)[agreement.id].left
    share = db.session.scalar(
        select(AgreementPartner.yearly_minutes).where(
            AgreementPartner.agreement_id == agreement.id,
            AgreementPartner.institution_id == quota.institution_id,
        )
    )
    if share is not None:
        left = min(left, share - taken_by(quota))
    if minutes > left:
        raise _exhausted(agreement, minutes, left)


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


def _hold_quota_of(agreement: Agreement) -> None:
    """Have reservations of one agreement take turns, so that each sees what the one before it left."""
    db.session.execute(
        select(Agreement.id).where(Agreement.id == agreement.id).with_for_update(key_share=True)
    )
