"""The first free time of many instruments at once, as the search shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...catalogue.models import Instrument
from ...foundation.clock import now
from ...foundation.database import db
from ...foundation.interval import Interval
from ...identity.models import Person
from .queries import availability_of_all


def first_free_of(
    instrument_ids: Sequence[int], window: Interval, minutes: int, whom: Person | None
) -> dict[int, datetime]:
    """The start of the first free stretch of at least `minutes` in the window, by instrument, in three queries."""
    instruments = db.session.scalars(
        select(Instrument)
        .options(joinedload(Instrument.facility))
        .where(Instrument.id.in_(instrument_ids))
    ).all()
    wished = timedelta(minutes=minutes)
    found = {}
    for key, available in availability_of_all(instruments, window, now(), whom).items():
        first = next((each.start for each in available.free if each.duration >= wished), None)
        if first is not None:
            found[key] = first
    return found
