"""Closing, blocking and opening an instrument with an eye on its bookings; letting go of those that were hit.

Nothing is cancelled by a closure itself. Whoever plans sees first what it hits; whoever is hit is told, and told
again when nothing stands in the way any more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TypeVar

from ...catalogue.changing import managed
from ...catalogue.closing import services as closing
from ...catalogue.closing.errors import HitsBookings
from ...catalogue.closing.values import Hit
from ...catalogue.models import Instrument, OpeningException
from ...catalogue.queries import instrument_by_slug, may_manage
from ...catalogue.values import Plan
from ...foundation.database import db
from ...foundation.errors import Forbidden
from ...foundation.signals import booking_hit, booking_spared
from ...identity.models import Person
from ..availability.alternatives import alternatives_to_each
from ..errors import CommentMissing
from ..models import Booking
from ..services import cancel
from .queries import bookings_of, hits_by, hits_on

Result = TypeVar("Result")


def enter(
    slug: str, plan: Plan, *, by: Person, at: datetime, seen: Collection[str] = ()
) -> list[OpeningException]:
    """Close, open or block an instrument as planned; those whose bookings it hits are told.

    `seen` are the references of the bookings that `by` has been shown. Raises HitsBookings where a plan hits
    another one (a sudden outage is a fact and saved at once), else as `catalogue.closing.services.enter`.
    """
    return watched(
        managed(slug, by),
        lambda: closing.enter(slug, plan, by=by, at=at),
        by, at, None if plan.sudden else seen,
    )  # fmt: skip


def change(
    slug: str,
    exception_id: int,
    plan: Plan,
    *,
    by: Person,
    at: datetime,
    seen: Collection[str] = (),
) -> list[OpeningException]:
    """Write one stretch anew; who is hit newly or no longer is told. Raises as `enter`, and NotFound."""
    return watched(
        managed(slug, by),
        lambda: [closing.change(slug, exception_id, plan, by=by, at=at)],
        by, at, None if plan.sudden else seen,
    )  # fmt: skip


def lift(
    slug: str, exception_id: int, *, by: Person, at: datetime, series: bool = False
) -> Instrument:
    """Take a closure, opening or blocking back; who was hit by it and by nothing else is told."""
    return watched(
        managed(slug, by),
        lambda: closing.lift(slug, exception_id, by=by, at=at, series=series),
        by, at, None,
    )  # fmt: skip


def cancel_hit(
    slug: str, references: Collection[str], reason: str, *, by: Person, at: datetime
) -> list[Booking]:
    """Cancel bookings that are hit, each with the reason. All of them or none.

    References that are not hit (any more) are passed over. Raises NotFound, Forbidden (asked for each booking) and
    CommentMissing.
    """
    instrument = instrument_by_slug(slug)
    if not may_manage(by, instrument):
        raise Forbidden()
    if not reason.strip():
        raise CommentMissing()
    hit = [each.reference for each in _struck(instrument, at) if each.reference in references]
    return [cancel(each, by=by, at=at, version=None, comment=reason) for each in hit]


def watched(
    instrument: Instrument,
    act: Callable[[], Result],
    by: Person,
    at: datetime,
    seen: Collection[str] | None,
) -> Result:
    """Do it on a locked instrument, compare what is hit before and after, and tell those for whom that is not the same.

    Raises HitsBookings where a booking that is hit newly is not among those `seen` (None: whatever is hit).
    """
    before = {hit.reference: hit for hit in _struck(instrument, at)}
    done = act()
    db.session.flush()
    after = {hit.reference: hit for hit in _struck(instrument, at)}
    fresh = [hit for reference, hit in after.items() if reference not in before]
    if seen is not None and any(hit.reference not in seen for hit in fresh):
        raise HitsBookings([*fresh, *_staying(done, at)])
    _tell_hit(instrument, fresh, by, at)
    for booking in bookings_of([hit for key, hit in before.items() if key not in after]):
        booking_spared.send(booking, by=by, at=at)
    return done


def _struck(instrument: Instrument, at: datetime) -> list[Hit]:
    return [hit for hit in hits_on(instrument.id, at) if not hit.stays]


def _staying(done: object, at: datetime) -> Sequence[Hit]:
    rows = done if isinstance(done, list) else []
    return [hit for hit in hits_by(rows, at) if hit.stays]


def _tell_hit(instrument: Instrument, hits: Sequence[Hit], by: Person, at: datetime) -> None:
    offers = alternatives_to_each(instrument.id, [hit.slot for hit in hits], at, None)
    for hit, booking, alternatives in zip(hits, bookings_of(hits), offers, strict=True):
        row = db.session.get(OpeningException, hit.exceptions[0])
        booking_hit.send(booking, exception=row, alternatives=alternatives, by=by, at=at)
