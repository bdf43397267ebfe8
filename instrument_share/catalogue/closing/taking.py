"""Time of an instrument that something arranged elsewhere takes: blocked for its purpose, moved and given back with it.

Who may arrange it is asked there. Booking registers how bookings are looked after meanwhile: it refuses what would hit
some unseen, and tells those who are hit or no longer are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from ...foundation.above import Above
from ...foundation.database import db
from ...foundation.interval import Interval
from ...foundation.localized import LocalizedText
from ...identity.models import Person
from ..changing import tell
from ..models import Instrument, OpeningException
from ..queries import instrument_to_change
from ..rules import ExceptionKind
from .services import end, span_of

#: Does the deed, which changes when an instrument is closed, with an eye on its bookings.
Watch = Callable[
    [Instrument, Callable[[], object], Person, datetime, Collection[str] | None], object
]

_watch: Above[Watch] = Above(lambda _instrument, deed, _by, _at, _seen: deed())
register = _watch.register


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

    def block() -> None:
        db.session.add(row)
        tell(instrument, "blocking_entered", by, at, **span_of(row), count=1)

    _watch.ask(instrument, block, by, at, seen)
    return row


def move(
    exception_id: int, slot: Interval, *, by: Person, at: datetime, seen: Collection[str]
) -> None:
    """Take another stretch instead. Raises HitsBookings as `take`; what is no longer there is not moved."""
    row = db.session.get(OpeningException, exception_id)
    if row is None or row.ends_at <= at:
        return
    instrument = instrument_to_change(row.instrument.slug)

    def change() -> None:
        before = span_of(row)
        row.starts_at, row.ends_at = slot.start, slot.end
        tell(instrument, "blocking_changed", by, at, **span_of(row), before=before)

    _watch.ask(instrument, change, by, at, seen)


def give_back(exception_id: int, *, by: Person, at: datetime) -> None:
    """Free what is left of it. Nothing is left of what is over, or was lifted by those who manage the instrument."""
    row = db.session.get(OpeningException, exception_id)
    if row is None or row.ends_at <= at:
        return
    instrument = instrument_to_change(row.instrument.slug)

    def free() -> None:
        details = span_of(row)
        end(row, at)
        tell(instrument, "blocking_lifted", by, at, **details)

    _watch.ask(instrument, free, by, at, None)
