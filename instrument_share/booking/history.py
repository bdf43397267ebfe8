"""What happened to a booking, read from the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ..foundation.database import db
from ..identity.models import AuditEntry, Person
from .models import Booking

_PREFIX = "booking."


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody (None: the system) did `action` to a booking, which was `now` afterwards."""

    action: str
    at: datetime
    by: str | None
    now: str


def history_of(booking: Booking) -> list[Deed]:
    """Everything that was done to the booking, the oldest first, in one query."""
    rows = db.session.execute(
        select(AuditEntry.action, AuditEntry.at, Person.display_name, AuditEntry.details)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .where(
            AuditEntry.subject_kind == "booking",
            AuditEntry.subject_id == booking.reference,
            AuditEntry.action.startswith(_PREFIX),
        )
        .order_by(AuditEntry.sequence)
    )
    return [
        Deed(action.removeprefix(_PREFIX), at, by, str(details.get("now", "")))
        for action, at, by, details in rows
    ]
