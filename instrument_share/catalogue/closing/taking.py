"""Time of an instrument that something arranged elsewhere takes: blocked for its purpose, and given back with it.

Who may arrange it is asked there. The floor above hears of it, refuses what would hit bookings unseen, and tells
those who are hit.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ...foundation.database import db
from ...foundation.interval import Interval
from ...foundation.localized import LocalizedText
from ...foundation.signals import time_returned, time_taken
from ...identity.models import Person
from ..changing import tell
from ..models import OpeningException
from ..queries import instrument_to_change
from ..rules import ExceptionKind
from .services import end, span_of


def take(
    slug: str,
    slot: Interval,
    title: LocalizedText,
    *,
    by: Person,
    at: datetime,
    seen: Collection[str],
) -> OpeningException:
    """Block the instrument's time for everybody; `title` says what for.

    `seen` are the references of the bookings that `by` was shown: they stay until somebody moves or cancels them.
    Raises NotFound, and HitsBookings where another one lies there.
    """
    instrument = instrument_to_change(slug)
    row = OpeningException(
        instrument_id=instrument.id, kind=ExceptionKind.BLOCKING, starts_at=slot.start, ends_at=slot.end,
        title=dict(title), reason={}, open_to={}, created_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    tell(instrument, "blocking_entered", by, at, **span_of(row), count=1)
    time_taken.send(row, seen=seen, by=by, at=at)
    return row


def give_back(exception_id: int, *, by: Person, at: datetime) -> None:
    """Free what is left of it. Nothing is left of what is over, or was lifted by those who manage the instrument."""
    row = db.session.get(OpeningException, exception_id)
    if row is None or row.ends_at <= at:
        return
    instrument = instrument_to_change(row.instrument.slug)
    time_returned.send(row, by=by, at=at)
    details = span_of(row)
    end(row, at)
    tell(instrument, "blocking_lifted", by, at, **details)
