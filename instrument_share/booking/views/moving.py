"""The page on which a new time is chosen for a booking: a form, and the week in which it moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import render_template

from ...catalogue.queries import described_instrument
from ...foundation.errors import DomainError
from ...identity.models import Person
from ..errors import SlotTaken
from ..models import Booking
from ..seat_form import seat_choices
from ..week import MOVE_FORM, week_of
from .pages import alternatives_of, clock_zones, folds_in, refusal_sentences


def move_page(
    booking: Booking,
    person: Person,
    at: datetime,
    form: Mapping[str, str],
    refusal: DomainError | None = None,
) -> tuple[str, int]:
    """The form with everything typed kept; with `refusal`, why the booking stayed where it is."""
    instrument = described_instrument(booking.instrument.slug)
    zones = clock_zones(booking.time_zone)
    page = render_template(
        "booking/reschedule.html",
        booking=booking,
        instrument=instrument,
        form=form,
        form_id=MOVE_FORM,
        zones=zones,
        folds=folds_in(form, zones),
        seats=seat_choices(instrument),
        panel=week_of(instrument, person, at, booking),
        errors=_sentences(refusal),
        alternatives=alternatives_of(refusal),
    )
    return page, refusal.status if refusal else 200


def _sentences(refusal: DomainError | None) -> dict[str, str]:
    if isinstance(refusal, SlotTaken):
        return {"start": str(refusal.message)}
    return refusal_sentences(refusal, "_action")
