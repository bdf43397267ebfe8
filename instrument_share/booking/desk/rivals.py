"""Who waits for the time that a request asks for: whoever decides sees them side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ...foundation.database import db
from ...foundation.localized import LocalizedText
from ...identity.models import Institution, Person
from ..models import Booking
from ..waiting.models import WaitingEntry
from ..waiting.rules import EntryState


@dataclass(frozen=True, slots=True)
class Rival:
    """Somebody on the waiting list for `minutes` within a window that meets the requested time."""

    name: str
    institution: LocalizedText | None
    minutes: int
    purpose: str
    waits_since: datetime


def rivals_of(bookings: Sequence[Booking]) -> dict[int, list[Rival]]:
    """Who waits, by booking id and in the order of the line, in one statement."""
    rows = db.session.execute(
        select(
            Booking.id,
            Person.display_name,
            Institution.names,
            WaitingEntry.minutes,
            WaitingEntry.purpose,
            WaitingEntry.joined_at,
        )
        .join(WaitingEntry, WaitingEntry.instrument_id == Booking.instrument_id)
        .join(Person, Person.id == WaitingEntry.person_id)
        .outerjoin(Institution, Institution.id == Person.institution_id)
        .where(
            Booking.id.in_([booking.id for booking in bookings]),
            WaitingEntry.state == EntryState.WAITING,
            WaitingEntry.since < Booking.ends_at,
            WaitingEntry.until > Booking.starts_at,
            WaitingEntry.person_id != Booking.applicant_id,
        )
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
    )
    found: dict[int, list[Rival]] = defaultdict(list)
    for key, name, institution, minutes, purpose, since in rows:
        found[key].append(Rival(name, institution, minutes, purpose, since))
    return found
