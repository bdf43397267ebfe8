"""What a message about a booking tells, as it was when it happened: kept as JSON beside the
message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..booking.appointments import Appointment, appointment_of
from ..booking.availability.alternatives import Alternative
from ..booking.models import Booking
from ..catalogue.models import OpeningException, OutsideCalendar
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
    }


def hit_facts_of(
    booking: Booking,
    exception: OpeningException,
    alternatives: Sequence[Alternative],
    by: Person,
) -> dict[str, Any]:
    """The same with what stands in the booking's way and what can be had instead."""
    return facts_of(booking, by, "") | {
        "why": dict(exception.title or exception.reason),
        "alternatives": [_offer_of(each) for each in alternatives],
    }


def calendar_facts_of(calendar: OutsideCalendar) -> dict[str, Any]:
    """An outside calendar that cannot be read, and the instrument that it closes."""
    instrument = calendar.instrument
    return {
        "slug": instrument.slug,
        "instrument": dict(instrument.names),
        "facility": dict(instrument.facility.names),
        "calendar": dict(calendar.title),
    }


def _offer_of(alternative: Alternative) -> dict[str, Any]:
    return {
        "kind": alternative.kind,
        "slug": alternative.instrument.slug,
        "instrument": dict(alternative.instrument.names),
        "time_zone": alternative.instrument.time_zone,
        "starts_at": alternative.slot.start.isoformat(),
        "ends_at": alternative.slot.end.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class Offer:
    """Time that could be had instead when the message was written."""

    kind: str
    slug: str
    instrument: dict[str, str]
    time_zone: str
    slot: Interval

    @classmethod
    def read(cls, facts: dict[str, Any]) -> Offer:
        slot = Interval(*(datetime.fromisoformat(facts[at]) for at in ("starts_at", "ends_at")))
        return cls(facts["kind"], facts["slug"], facts["instrument"], facts["time_zone"], slot)


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """The same, read back."""

    appointment: Appointment
    applicant: str
    by: str
    comment: str
    why: dict[str, str]
    offers: tuple[Offer, ...]

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
        return cls(
            appointment,
            facts["applicant"],
            facts["by"],
            facts["comment"],
            facts.get("why", {}),
            tuple(Offer.read(each) for each in facts.get("alternatives", ())),
        )
