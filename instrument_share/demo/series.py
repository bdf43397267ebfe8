"""A series of the demonstration: the researcher asks for every Tuesday and Thursday morning, once all else is written."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from ..booking.series.planning import OnConflict
from ..booking.series.services import create_series
from ..booking.series.values import SeriesRequest
from ..booking.values import BookingRequest
from ..catalogue.models import Instrument
from ..foundation.clock import zone
from .people import People

#: Open day and night, so that every occurrence can be had but for what others have booked.
INSTRUMENT = "pku-bnmrc-800mhz"
_TUESDAY = 1


def ask_for_series(instruments: dict[str, Instrument], people: People, at: datetime) -> None:
    """Eight mornings of the coming weeks; what somebody else has is moved within its day."""
    instrument = instruments[INSTRUMENT]
    there = zone(instrument.time_zone)
    soon = (at + timedelta(minutes=instrument.lead_minutes)).astimezone(there).date()
    day = soon + timedelta(days=1 + (_TUESDAY - soon.weekday() - 1) % 7)
    start = datetime.combine(day, time(9), there)
    first = BookingRequest(
        instrument=instrument.slug,
        starts_at=start.astimezone(at.tzinfo),
        ends_at=(start + timedelta(hours=2)).astimezone(at.tzinfo),
        access_mode="remote",
        purpose="Time course of protein folding, measured twice a week.",
    )
    rule = "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=8"
    create_series(SeriesRequest(first, rule, OnConflict.SHIFT), by=people.researcher, at=at)
