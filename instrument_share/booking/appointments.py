"""A booking as an appointment in the calendar of somebody who takes part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from flask_babel import gettext

from ..catalogue.labels import MODES
from ..catalogue.positions import name_in_words
from ..foundation.calendar.event import Event, Status
from ..foundation.http.show import localized, moment, zone_name
from ..foundation.interval import Interval
from ..foundation.localized import LocalizedText
from .models import Booking
from .rules import State

#: The name space of our UIDs (RFC 9562): a booking has the same one in every feed and mail.
_BOOKINGS = UUID("6f1f7f0a-5d0e-5b7a-9a52-0d8b2f6f3c11")

#: What a calendar program is told of a state. A draft that it knows was withdrawn.
STATUS: dict[str, Status] = {
    State.DRAFT: Status.CANCELLED,
    State.OFFERED: Status.TENTATIVE,
    State.SUBMITTED: Status.TENTATIVE,
    State.CHANGES_REQUESTED: Status.TENTATIVE,
    State.CONFIRMED: Status.CONFIRMED,
    State.IN_USE: Status.CONFIRMED,
    State.COMPLETED: Status.CONFIRMED,
    State.SETTLED: Status.CONFIRMED,
    State.NO_SHOW: Status.CONFIRMED,
    State.REJECTED: Status.CANCELLED,
    State.CANCELLED: Status.CANCELLED,
    State.EXPIRED: Status.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Which of an instrument's positions, what it is called by language, or whether it is all of them."""

    position: int
    names: LocalizedText
    whole: bool = False

    def in_words(self) -> str:
        if self.whole:
            return gettext("The whole instrument")
        return gettext("Position: %(name)s", name=name_in_words(self.names, self.position))


@dataclass(frozen=True, slots=True)
class Appointment:
    """What a participant's calendar shows of a booking, as it was at `changed_at`."""

    reference: str
    sequence: int
    state: str
    slot: Interval
    time_zone: str
    changed_at: datetime
    instrument: LocalizedText
    facility: LocalizedText
    access_mode: str
    place: Place | None = None  # None on an instrument with one position, and while no time is held
    offered_until: datetime | None = None  # until when an offer from the waiting list holds

    @property
    def status(self) -> Status:
        return STATUS[self.state]

    def event(self, base_url: str) -> Event:
        """The event in the language that gettext speaks; its link leads to the booking's page."""
        return Event(
            uid=uid_of(self.reference),
            sequence=self.sequence,
            status=self.status,
            slot=self.slot,
            zone=self.time_zone,
            changed_at=self.changed_at,
            summary=self._summary(),
            description=self._description(),
            location=localized(self.facility),
            url=f"{base_url}/bookings/{self.reference}",
            is_private=True,
        )

    def _summary(self) -> str:
        instrument = localized(self.instrument)
        if self.state == State.OFFERED:
            return gettext("Offered: %(instrument)s", instrument=instrument)
        if self.status is Status.TENTATIVE:
            return gettext("Asked for: %(instrument)s", instrument=instrument)
        if self.status is Status.CANCELLED:
            return gettext("Called off: %(instrument)s", instrument=instrument)
        return instrument

    def _description(self) -> str:
        lines = [
            gettext("Booking %(reference)s", reference=self.reference),
            gettext("Access mode: %(mode)s", mode=MODES[self.access_mode]),
        ]
        if self.offered_until:
            until = moment(self.offered_until, self.time_zone)
            zone = zone_name(self.time_zone, self.offered_until)
            lines.append(gettext("Accept the offer by %(time)s, %(zone)s", time=until, zone=zone))
        return "\n".join([*lines, self.place.in_words()] if self.place else lines)


def appointment_of(booking: Booking) -> Appointment:
    """The booking as it is now. Its instrument and facility should be loaded."""
    return Appointment(
        reference=booking.reference,
        sequence=booking.sequence,
        state=booking.state,
        slot=booking.slot,
        time_zone=booking.time_zone,
        changed_at=booking.changed_at,
        instrument=booking.instrument.names,
        facility=booking.instrument.facility.names,
        access_mode=booking.access_mode,
        place=place_of(booking),
        offered_until=booking.hold_expires_at if booking.state == State.OFFERED else None,
    )


def place_of(booking: Booking) -> Place | None:
    """Where on the instrument the booking takes place, as far as there is a choice."""
    instrument = booking.instrument
    return place_at(
        booking.position or booking.wanted_position,
        booking.whole,
        instrument.positions,
        instrument.position_names,
    )


def place_at(
    position: int | None, whole: bool, positions: int, names: Sequence[LocalizedText]
) -> Place | None:
    """A place on an instrument of so many `positions`; None where there is no choice, or nothing is held or wished."""
    if positions == 1 or not (position or whole):
        return None
    place = position or 1
    return Place(place, names[place - 1] if place <= len(names) else {}, whole)


def uid_of(reference: str) -> str:
    """The UID of a booking's event (RFC 7986 section 5.3: no host name in it)."""
    return str(uuid5(_BOOKINGS, reference))
