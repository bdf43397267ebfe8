"""What a message about a booking tells, as it was when it happened: kept as JSON beside the
message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..booking.appointments import Appointment, appointment_of
from ..booking.models import Booking
from ..catalogue.models import Instrument
from ..foundation.interval import Interval
from ..identity.models import Person


def facts_of(booking: Booking, by: Person | None, comment: str) -> dict[str, Any]:
    """The booking, who acted on it and what they wrote."""
    seen = appointment_of(booking)
    return {
        "reference": seen.reference,
        "sequence": seen.sequence,
        "state": str(seen.state),
        "starts_at": seen.slot.start.isoformat(),
        "ends_at": seen.slot.end.isoformat(),
        "time_zone": seen.time_zone,
        "changed_at": seen.changed_at.isoformat(),
        "instrument": dict(seen.instrument),
        "facility": dict(seen.facility),
        "access_mode": seen.access_mode,
        "applicant": booking.applicant.display_name,
        "by": by.display_name if by else "",
        "comment": comment,
        "answer_by": booking.hold_expires_at.isoformat() if booking.hold_expires_at else "",
    }


def freed_time_facts(instrument: Instrument, found: list[Interval]) -> dict[str, Any]:
    """An instrument and the first of its free stretches that somebody who watches is told of."""
    return {
        "slug": instrument.slug,
        "instrument": dict(instrument.names),
        "facility": dict(instrument.facility.names),
        "time_zone": instrument.time_zone,
        "starts_at": found[0].start.isoformat(),
        "ends_at": found[0].end.isoformat(),
        "more": len(found) - 1,
    }


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """The same, read back."""

    appointment: Appointment
    applicant: str
    by: str
    comment: str
    answer_by: datetime | None = None  # until when the time is held

    @classmethod
    def read(cls, facts: dict[str, Any]) -> BookingFacts:
        slot = Interval(*(datetime.fromisoformat(facts[at]) for at in ("starts_at", "ends_at")))
        appointment = Appointment(
            reference=facts["reference"],
            sequence=facts["sequence"],
            state=facts["state"],
            slot=slot,
            time_zone=facts["time_zone"],
            changed_at=datetime.fromisoformat(facts["changed_at"]),
            instrument=facts["instrument"],
            facility=facts["facility"],
            access_mode=facts["access_mode"],
        )
        answer_by = facts.get("answer_by")
        return cls(
            appointment,
            facts["applicant"],
            facts["by"],
            facts["comment"],
            datetime.fromisoformat(answer_by) if answer_by else None,
        )
