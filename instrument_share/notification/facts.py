"""What a message about a booking tells, as it was when it happened: kept as JSON beside the
message.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ..booking.appointments import Appointment, Place, appointment_of
from ..booking.models import Booking
from ..foundation.interval import Interval
from ..identity.models import Person


def facts_of(
    booking: Booking, by: Person | None, comment: str, moved_from: Interval | None = None
) -> dict[str, Any]:
    """The booking, who acted on it, what they wrote, and the time that it had before it was moved."""
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
        "place": asdict(seen.place) if seen.place else None,
        "applicant": booking.applicant.display_name,
        "by": by.display_name if by else "",
        "comment": comment,
        "moved_from": _written(moved_from),
    }


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """The same, read back."""

    appointment: Appointment
    applicant: str
    by: str
    comment: str
    moved_from: Interval | None = None

    @classmethod
    def read(cls, facts: dict[str, Any]) -> BookingFacts:
        moved = facts.get("moved_from")
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
            place=Place(**facts["place"]) if facts.get("place") else None,
        )
        moved_from = Interval(*map(datetime.fromisoformat, moved)) if moved else None
        return cls(appointment, facts["applicant"], facts["by"], facts["comment"], moved_from)


def _written(slot: Interval | None) -> list[str] | None:
    return [slot.start.isoformat(), slot.end.isoformat()] if slot else None
