"""Records of people: what is noted, contested, upheld or lifted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from ...foundation.database import db, refer
from ...foundation.errors import Forbidden
from ...foundation.signals import credit_changed
from ...identity import audit
from ...identity.models import Person
from ..models import Booking
from .errors import NotContestable, NotContested
from .models import CreditEntry
from .queries import entry_for, may_decide_on
from .rules import Breach, Verdict


def note(booking: Booking, kind: Breach, at: datetime) -> None:
    """Put a breach on the applicant's record; the same one of a booking is noted once."""
    if _entry_of(booking, kind) is not None:
        return
    entry = CreditEntry(
        person_id=booking.applicant_id,
        institution_id=booking.institution_id,
        kind=kind,
        happened_at=at,
    )
    db.session.add(refer(entry, booking=booking))
    db.session.flush()
    _record("noted", entry, by=None, at=at)


def mend(booking: Booking, kind: Breach, *, by: Person, at: datetime) -> None:
    """What was missing came after all: the entry stays and counts no longer."""
    entry = _entry_of(booking, kind)
    if entry is not None and entry.mended_at is None:
        entry.mended_at = at
        _record("mended", entry, by=by, at=at)


def contest(entry_id: int, reason: str, *, by: Person, at: datetime) -> CreditEntry:
    """Say why an entry on one's own record is wrong. Raises NotFound, Forbidden and NotContestable."""
    entry = entry_for(by, entry_id, to_change=True)
    if entry.person_id != by.id:
        raise Forbidden()
    if entry.contested_at is not None or not entry.counts:
        raise NotContestable()
    entry.contested_at, entry.reason = at, reason
    return _recorded_and_told("contested", entry, by, at)


def decide(
    entry_id: int, verdict: Verdict, answer: str, *, by: Person, at: datetime
) -> CreditEntry:
    """Uphold a contested entry, or lift it so that it counts no longer. Raises NotFound, Forbidden, NotContested."""
    entry = entry_for(by, entry_id, to_change=True)
    if not may_decide_on(by, entry):
        raise Forbidden()
    if not entry.is_open:
        raise NotContested()
    entry.verdict, entry.answer, entry.decided_at, entry.decided_by = verdict, answer, at, by
    return _recorded_and_told(verdict, entry, by, at)


def _recorded_and_told(what: str, entry: CreditEntry, by: Person, at: datetime) -> CreditEntry:
    db.session.flush()
    _record(what, entry, by=by, at=at)
    credit_changed.send(entry, by=by, at=at)
    return entry


def _record(what: str, entry: CreditEntry, *, by: Person | None, at: datetime) -> None:
    audit.record(
        f"credit.{what}", "credit_entry", entry.id,
        by=by.id if by else None, at=at, breach=entry.kind, booking=entry.booking.reference,
    )  # fmt: skip


def _entry_of(booking: Booking, kind: Breach) -> CreditEntry | None:
    return db.session.scalar(
        select(CreditEntry).where(CreditEntry.booking_id == booking.id, CreditEntry.kind == kind)
    )
