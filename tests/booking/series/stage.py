"""Series as the tests of this room make them and look at them."""

from __future__ import annotations

from datetime import datetime, timedelta

from instrument_share.booking.models import Booking
from instrument_share.booking.series.models import Series
from instrument_share.booking.series.planning import OnConflict, Planned
from instrument_share.booking.series.queries import series_for
from instrument_share.booking.series.services import create_series
from instrument_share.booking.series.values import SeriesRequest
from tests.support.builders import AT, make_booking, make_institution, make_person, request_for
from tests.support.scene import Scene

TOMORROW = AT + timedelta(days=1)  # a Tuesday, noon in Shanghai
WEEK = timedelta(days=7)
FOUR = "FREQ=WEEKLY;COUNT=4"


def asked(scene: Scene, rrule: str = FOUR, on_conflict: str = "stop", **first) -> SeriesRequest:
    return SeriesRequest(request_for(scene.instrument, **first), rrule, OnConflict(on_conflict))


def made(scene: Scene, rrule: str = FOUR, on_conflict: str = "stop", **first) -> Series:
    series, _ = create_series(asked(scene, rrule, on_conflict, **first), by=scene.applicant, at=AT)
    return series


def occurrences(scene: Scene, series: Series) -> list[Booking]:
    return list(series_for(scene.applicant, series.reference).bookings)


def starts(scene: Scene, series: Series) -> list[datetime]:
    return [booking.starts_at for booking in occurrences(scene, series)]


def states(scene: Scene, series: Series) -> list[str]:
    return [booking.state for booking in occurrences(scene, series)]


def told(view: list[Planned]) -> list[tuple[str, str]]:
    return [(each.status.value, each.code) for each in view]


def block(scene: Scene, start: datetime, hours: float = 4) -> Booking:
    """Somebody else has the instrument."""
    return make_booking(
        scene.instrument, make_person(make_institution()), starts_at=start, hours=hours
    )
