"""What the waiting list does when time frees: offers it, and remembers it for those who watch."""

from __future__ import annotations

from datetime import datetime

from ...catalogue import panels
from ...catalogue.models import Instrument
from ...foundation.signals import booking_changed, instrument_changed
from ..models import Booking
from ..rules import State
from . import panel, services
from .rules import Outcome

#: What the end of a booking in state `offered` says about the offer.
_OUTCOMES = {
    State.SUBMITTED: Outcome.ACCEPTED,
    State.CONFIRMED: Outcome.ACCEPTED,
    State.CANCELLED: Outcome.DECLINED,
    State.EXPIRED: Outcome.MISSED,
}


def connect() -> None:
    """Listen, and show the list on instrument pages. Connecting again changes nothing."""
    booking_changed.connect(_booking_changed)
    instrument_changed.connect(_instrument_changed)
    panels.register("waiting", panel.waiting_shown, template="booking/waiting/panel.html", place=25)


def _booking_changed(booking: Booking, *, was: State | None, at: datetime, **_: object) -> None:
    """First what came of an offer, so that whoever passed on the time stands in line for other times again."""
    outcome = _OUTCOMES.get(State(booking.state))
    if was == State.OFFERED and outcome:
        services.settle_offer(booking, outcome, at)
    freed, booking.let_go = booking.let_go, None
    if freed is not None and freed.end > at:
        services.remember_freed(booking.instrument_id, freed, at)
        services.offer_time(booking.instrument, at, freed=freed)


def _instrument_changed(instrument: Instrument, *, at: datetime, **_: object) -> None:
    """A closure was lifted, hours or rules are others: there may be time that was not there before."""
    services.offer_time(instrument, at)
