"""What a message about a booking tells, or about several bookings of a series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from ...booking.appointments import Appointment, Place, appointment_of
from ...booking.availability.alternatives import Alternative
from ...booking.models import Booking
from ...booking.series.models import Series
from ...foundation.interval import Interval
from ...foundation.localized import LocalizedText
from ...identity.called import called
from ...identity.models import Person
from .times import bounds_of, pair_of, slot_of, slot_within


@dataclass(frozen=True, slots=True)
class Offer:
    """Time that could be had instead when the message was written."""

    kind: str
    slug: str
    instrument: LocalizedText
    time_zone: str
    slot: Interval

    @classmethod
    def of(cls, alternative: Alternative) -> Offer:
        instrument = alternative.instrument
        return cls(
            alternative.kind,
            instrument.slug,
            instrument.names,
            instrument.time_zone,
            alternative.slot,
        )

    def kept(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "slug": self.slug,
            "instrument": dict(self.instrument),
            "time_zone": self.time_zone,
            **bounds_of(self.slot),
        }

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Offer:
        return cls(
            facts["kind"],
            facts["slug"],
            facts["instrument"],
            facts["time_zone"],
            slot_within(facts),
        )


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """A booking, who acted on it, what they wrote, and what one kind of message or another tells besides."""

    appointment: Appointment
    applicant: str
    by: str = ""
    comment: str = ""
    moved_from: Interval | None = None
    answer_by: datetime | None = None  # until when the time is held
    why: LocalizedText = field(default_factory=dict)  # what stands in its way
    offers: tuple[Offer, ...] = ()  # what can be had instead
    files: tuple[str, ...] = ()  # names of what came with a remark
    detail: str = ""  # the thing that is meant, in words or as codes
    credit_entry: int | None = None  # the entry of a person's record that is meant

    @classmethod
    def of(
        cls,
        booking: Booking,
        by: Person | None = None,
        comment: str = "",
        moved_from: Interval | None = None,
    ) -> BookingFacts:
        return cls(
            appointment_of(booking),
            booking.applicant.display_name,
            by.display_name if by else "",
            comment,
            moved_from,
            booking.hold_expires_at,
        )

    def kept(self) -> dict[str, Any]:
        return {
            **_appointment_kept(self.appointment),
            "applicant": self.applicant,
            "by": self.by,
            "comment": self.comment,
            "moved_from": pair_of(self.moved_from) if self.moved_from else None,
            "answer_by": self.answer_by.isoformat() if self.answer_by else "",
            **{name: value for name, value in self._besides().items() if value},
        }

    def _besides(self) -> dict[str, Any]:
        return {
            "why": dict(self.why),
            "alternatives": [each.kept() for each in self.offers],
            "files": list(self.files),
            "detail": self.detail,
            "credit_entry": self.credit_entry,
        }

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> BookingFacts:
        moved_from, answer_by = facts.get("moved_from"), facts.get("answer_by")
        return cls(
            appointment=_appointment_in(facts),
            applicant=called(facts["applicant"]),
            by=called(facts["by"]),
            comment=facts["comment"],
            moved_from=slot_of(moved_from) if moved_from else None,
            answer_by=datetime.fromisoformat(answer_by) if answer_by else None,
            why=facts.get("why", {}),
            offers=tuple(Offer.read(each) for each in facts.get("alternatives", ())),
            files=tuple(facts.get("files", ())),
            detail=facts.get("detail", ""),
            credit_entry=facts.get("credit_entry"),
        )


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """Several bookings of a series at once: the `first` of them in full, the times of all."""

    first: BookingFacts
    reference: str
    rrule: str
    first_start: datetime
    appointments: tuple[Appointment, ...]

    @classmethod
    def of(
        cls, series: Series, bookings: Sequence[Booking], by: Person | None, comment: str
    ) -> SeriesFacts:
        return cls(
            BookingFacts.of(bookings[0], by, comment),
            series.reference,
            series.rrule,
            series.first_start,
            tuple(appointment_of(each) for each in bookings),
        )

    def kept(self) -> dict[str, Any]:
        return {
            **self.first.kept(),
            "series": self.reference,
            "rrule": self.rrule,
            "first_start": self.first_start.isoformat(),
            "occurrences": [_own_of(each) for each in self.appointments],
        }

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> SeriesFacts:
        return cls(
            BookingFacts.read(facts),
            facts["series"],
            facts["rrule"],
            datetime.fromisoformat(facts["first_start"]),
            tuple(_appointment_in({**facts, **own}) for own in facts["occurrences"]),
        )


def _own_of(appointment: Appointment) -> dict[str, Any]:
    """What the occurrences of a series do not have in common."""
    return {
        "reference": appointment.reference,
        "sequence": appointment.sequence,
        "state": str(appointment.state),
        **bounds_of(appointment.slot),
        "changed_at": appointment.changed_at.isoformat(),
    }


def _appointment_kept(appointment: Appointment) -> dict[str, Any]:
    return {
        **_own_of(appointment),
        "time_zone": appointment.time_zone,
        "instrument": dict(appointment.instrument),
        "facility": dict(appointment.facility),
        "access_mode": appointment.access_mode,
        "place": asdict(appointment.place) if appointment.place else None,
    }


def _appointment_in(facts: Mapping[str, Any]) -> Appointment:
    return Appointment(
        reference=facts["reference"],
        sequence=facts["sequence"],
        state=facts["state"],
        slot=slot_within(facts),
        time_zone=facts["time_zone"],
        changed_at=datetime.fromisoformat(facts["changed_at"]),
        instrument=facts["instrument"],
        facility=facts["facility"],
        access_mode=facts["access_mode"],
        place=Place(**facts["place"]) if facts.get("place") else None,
    )
