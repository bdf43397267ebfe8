"""Acting on a series: which version, and one occurrence after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ....foundation.clock import zone
from ....foundation.errors import DomainError, Forbidden, StaleVersion
from ....identity.models import Person
from ...models import Booking
from ...rules import Action, State
from ..errors import OccurrenceRefused
from ..queries import SeriesView, series_for
from ..together import Deed, told_together


def series_to_act_on(reference: str, *, by: Person, version: int | None) -> SeriesView:
    """The series with its occurrences locked. Raises NotFound, StaleVersion where one of them has changed since."""
    view = series_for(by, reference, to_change=True)
    if version is not None and version != view.version:
        raise StaleVersion(version=view.version)
    return view


def done_with(
    service: Callable[..., Booking],
    action: Action,
    booking: Booking,
    *,
    by: Person,
    at: datetime,
    **what: Any,
) -> Deed:
    """Do something with one occurrence. Raises OccurrenceRefused that names it, and Forbidden."""
    was = State(booking.state)
    try:
        with told_together(booking.series_id):
            done = service(booking.reference, by=by, at=at, version=None, **what)
    except Forbidden:
        raise
    except DomainError as refusal:
        raise OccurrenceRefused(booking.reference, day_of(booking), refusal) from refusal
    return Deed(done, action, was)


def day_of(booking: Booking) -> str:
    """The local day of an occurrence, as everybody reads it."""
    return booking.starts_at.astimezone(zone(booking.time_zone)).date().isoformat()
