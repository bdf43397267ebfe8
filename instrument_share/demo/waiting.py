"""The waiting list of the demonstration: a standing offer for the researcher, others in line behind her, and a watch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from ..booking import services
from ..booking.models import Booking
from ..booking.rules import State
from ..booking.waiting.services import join, watch
from ..booking.waiting.values import JoinRequest, WatchRequest
from ..catalogue.models import Instrument
from ..foundation.database import db
from ..identity.models import Person
from .people import People

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_PURPOSE = "A repeat of last month's measurement, before the paper goes out."


def write_waiting(people: People, at: datetime) -> None:
    """Three wait for a time whose holder then cancels; the researcher, who came first, has the offer."""
    freed, taken = _busy_times(people, at)
    others = [person for _, person in sorted(people.applicants.items())]
    for hours, person in enumerate((people.researcher, *_two_besides(freed, others))):
        join(_wish(freed, person), by=person, at=at - (30 - hours) * _HOUR)
    join(_wish(taken, people.researcher, days=7), by=people.researcher, at=at - 5 * _HOUR)
    watch(WatchRequest(taken.instrument.slug, days=14), by=people.researcher, at=at - 4 * _HOUR)
    services.cancel(freed.reference, by=freed.applicant, at=at - _HOUR, version=None)


def _busy_times(people: People, at: datetime) -> tuple[Booking, Booking]:
    """Two confirmed bookings of other people, on two instruments, for times that can still be asked for."""
    coming = db.session.scalars(
        select(Booking)
        .where(
            Booking.state == State.CONFIRMED,
            Booking.applicant_id != people.researcher.id,
            Booking.starts_at.between(at + 4 * _DAY, at + 25 * _DAY),
        )
        .order_by(Booking.starts_at, Booking.id)
    )
    bookings = [each for each in coming if each.starts_at > at + _DAY + _lead_of(each.instrument)]
    first = bookings[0]
    return first, next(each for each in bookings if each.instrument_id != first.instrument_id)


def _lead_of(instrument: Instrument) -> timedelta:
    return timedelta(minutes=instrument.lead_minutes)


def _two_besides(booking: Booking, people: Sequence[Person]) -> list[Person]:
    return [person for person in people if person.id != booking.applicant_id][:2]


def _wish(booking: Booking, person: Person, days: int = 3) -> JoinRequest:
    """As long as the booking, from when it begins on."""
    return JoinRequest(
        instrument=booking.instrument.slug,
        access_mode=booking.access_mode,
        purpose=_PURPOSE,
        since=booking.starts_at,
        until=booking.ends_at + days * _DAY,
        minutes=booking.slot.minutes,
        time_zone=person.time_zone,
    )
