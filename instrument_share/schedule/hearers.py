"""What schedule writes when something happens on the floors below: new versions of calendars."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from ..access.training.models import TrainingPlace, TrainingSession
from ..booking.models import Booking
from ..booking.rules import Action, State
from ..booking.series.models import Series
from ..booking.series.together import Deed, is_told_together
from ..catalogue import panels
from ..catalogue.models import Instrument
from ..foundation.signals import (
    booking_changed,
    instrument_changed,
    series_changed,
    training_changed,
)
from ..identity import account_links
from ..identity.models import Person
from . import own_data
from .addresses import calendar_url, public_url, webcal_url
from .queries import people_expecting
from .services import raise_versions, revoke_addresses


def connect() -> None:
    """Listen, and offer addresses to the pages of the floors below. Connecting again changes nothing."""
    booking_changed.connect(_booking_changed)
    series_changed.connect(_series_changed)
    instrument_changed.connect(_instrument_changed)
    training_changed.connect(_training_changed)
    own_data.connect()
    panels.register("calendar", _public_address, template="schedule/panels/calendar.html", place=50)
    account_links.register("calendar_url", calendar_url, renew=revoke_addresses)


def _public_address(instrument: Instrument, _: Person | None, __: datetime) -> dict[str, str]:
    address = public_url("schedule.instrument_feed", slug=instrument.slug)
    return {"address": address, "webcal": webcal_url(address)}


def _booking_changed(booking: Booking, *, action: Action, at: datetime, **_: object) -> None:
    """Three calendars show a booking. A draft that is only written down is in none of them."""
    if is_told_together(booking):
        return
    if action is not Action.CREATE or booking.state != State.DRAFT:
        raise_versions(_shown_in(booking), at)


def _series_changed(_: Series, *, deeds: Sequence[Deed], at: datetime, **__: object) -> None:
    """However many of its bookings changed, each calendar has one new version."""
    raise_versions({key for deed in deeds for key in _shown_in(deed.booking)}, at)


def _instrument_changed(instrument: Instrument, *, at: datetime, **_: object) -> None:
    """A name, a status or a closure: the people who are to come see the name in theirs."""
    people = [f"person:{person_id}" for person_id in people_expecting(instrument.id, at)]
    raise_versions((*_keys_of(instrument), *people), at)


def _training_changed(
    session: TrainingSession, *, places: Collection[TrainingPlace], at: datetime, **_: object
) -> None:
    """It is shown to whom it concerns now, and to who gives it."""
    people = {place.person_id for place in places} | {session.trainer_id}
    raise_versions([f"person:{person_id}" for person_id in people], at)


def _shown_in(booking: Booking) -> tuple[str, ...]:
    return (*_keys_of(booking.instrument), f"person:{booking.applicant_id}")


def _keys_of(instrument: Instrument) -> tuple[str, str]:
    return f"instrument:{instrument.id}", f"facility:{instrument.facility_id}"
