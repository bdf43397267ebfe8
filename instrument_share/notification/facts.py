"""What a message about a booking tells, as it was when it happened: kept as JSON beside the message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from ..booking.appointments import Appointment, Place, appointment_of
from ..booking.availability.alternatives import Alternative
from ..booking.models import Booking
from ..booking.series.models import Series
from ..catalogue.models import Instrument, OpeningException, OutsideCalendar
from ..foundation.interval import Interval
from ..identity.called import called
from ..identity.models import Deputy, Person


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
        "answer_by": booking.hold_expires_at.isoformat() if booking.hold_expires_at else "",
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


def deputy_facts(deputy: Deputy) -> dict[str, Any]:
    """Who is away from which day to which, in which role (empty: in all of theirs)."""
    return {
        "person": deputy.person.display_name,
        "role": deputy.grant.role if deputy.grant else "",
        "first_day": deputy.first_day.isoformat(),
        "last_day": deputy.last_day.isoformat(),
        "time_zone": deputy.time_zone,
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


def facts_of_series(
    series: Series, bookings: Sequence[Booking], by: Person | None, comment: str
) -> dict[str, Any]:
    """The first of the bookings, the series that they belong to, and what is different in each of them."""
    return facts_of(bookings[0], by, comment) | {
        "series": series.reference,
        "rrule": series.rrule,
        "first_start": series.first_start.isoformat(),
        "occurrences": [
            {name: value for name, value in facts_of(booking, None, "").items() if name in _OWN}
            for booking in bookings
        ],
    }


#: What the occurrences of a series do not have in common.
_OWN = frozenset({"reference", "sequence", "state", "starts_at", "ends_at", "changed_at"})


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """A series as a message tells of it, read back."""

    reference: str
    rrule: str
    first_start: datetime
    appointments: tuple[Appointment, ...]

    @classmethod
    def read(cls, facts: dict[str, Any]) -> SeriesFacts | None:
        """None where the message is about a single booking."""
        if "series" not in facts:
            return None
        each = (BookingFacts.read(facts | own).appointment for own in facts["occurrences"])
        first = datetime.fromisoformat(facts["first_start"])
        return cls(facts["series"], facts["rrule"], first, tuple(each))


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """The same, read back."""

    appointment: Appointment
    applicant: str
    by: str
    comment: str
    moved_from: Interval | None = None
    answer_by: datetime | None = None  # until when the time is held
    why: Mapping[str, str] = field(default_factory=dict)  # what stands in its way
    offers: tuple[Offer, ...] = ()

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
        answer_by = facts.get("answer_by")
        return cls(
            appointment,
            called(facts["applicant"]),
            called(facts["by"]),
            facts["comment"],
            moved_from,
            datetime.fromisoformat(answer_by) if answer_by else None,
            facts.get("why", {}),
            tuple(Offer.read(each) for each in facts.get("alternatives", ())),
        )


def _written(slot: Interval | None) -> list[str] | None:
    return [slot.start.isoformat(), slot.end.isoformat()] if slot else None
