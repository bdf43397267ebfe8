"""Positions with names of their own, and a request for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ..booking import services
from ..booking.availability.queries import availability_of
from ..booking.rules import Seat
from ..booking.values import BookingRequest
from ..catalogue.models import Instrument
from ..foundation.interval import Interval
from ..foundation.localized import LocalizedText
from .people import People

#: Plots side by side, so that several groups work there at the same time.
_PLOTS = "lzu-qingyang-grassland-plots"
_NAMES: list[LocalizedText] = [
    {"en": f"Plot {latin}", "zh-Hans": f"样地{latin}", "ar": f"القطعة {arabic}"}
    for latin, arabic in (("A", "أ"), ("B", "ب"), ("C", "ج"))
]
_AHEAD = timedelta(days=20)


def name_positions(instruments: Mapping[str, Instrument]) -> None:
    """Call the plots by their names."""
    plots = instruments[_PLOTS]
    plots.position_names = _NAMES[: plots.positions]


def ask_for_the_whole(instruments: Mapping[str, Instrument], people: People, at: datetime) -> None:
    """The researcher asks for all plots at once, at the first time that they are free in some weeks."""
    plots = instruments[_PLOTS]
    window = Interval(at + _AHEAD, at + 2 * _AHEAD)
    free = availability_of(plots, window, at, people.researcher, seat=Seat(whole=True)).free
    for stretch in free[:1]:
        start, length = stretch.start, timedelta(hours=8)
        services.request_booking(
            BookingRequest(
                instrument=plots.slug,
                starts_at=start,
                ends_at=start + length,
                access_mode=plots.access_modes[0],
                purpose="A comparison that needs every plot on the same day.",
                whole=True,
            ),
            by=people.researcher,
            at=at,
        )
