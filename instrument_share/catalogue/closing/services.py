"""Closing, opening and blocking an instrument for a while, and taking that back.

The instrument's row is locked first: a booking that is being made meanwhile is seen by whoever looks afterwards
in the same transaction, and sees what was entered here.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import select

from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.errors import InvalidInput, NotFound
from ...foundation.identifiers import new_reference
from ...foundation.interval import Interval
from ...identity.models import Person
from ..changing import managed, tell
from ..models import Instrument, OpeningException
from ..values import Plan
from .rules import MOST_WEEKS, TooManyWeeks, faults_of, stretches_of

_FAULTS = {
    "past": lazy_gettext("Choose an end in the future."),
    "far": lazy_gettext("Choose a day within ten years."),
    "no_purpose": lazy_gettext("Say what the time is blocked for."),
}


def enter(slug: str, plan: Plan, *, by: Person, at: datetime) -> list[OpeningException]:
    """Close, open or block an instrument as planned. Bookings it hits stay until somebody moves or cancels them.

    Raises NotFound, Forbidden, and InvalidInput where the plan is over already or too long.
    """
    instrument = managed(slug, by)
    _check(plan, at)
    stretches = [each for each in _stretches(plan, instrument) if each.end > at]
    series = new_reference("X") if plan.weekly_until is not None else None
    rows = [_written(OpeningException(series=series), plan, each) for each in stretches]
    for row in rows:
        row.instrument_id, row.created_by_id = instrument.id, by.id
    db.session.add_all(rows)
    tell(instrument, f"{plan.kind}_entered", by, at, **span_of(rows[0]), count=len(rows))
    return rows


def change(
    slug: str, exception_id: int, plan: Plan, *, by: Person, at: datetime
) -> OpeningException:
    """Write one stretch anew; others of its series stay as they are. Raises as `enter` and `lift`."""
    instrument = managed(slug, by)
    row = _row(instrument, exception_id, at)
    _check(plan, at)
    before = span_of(row)
    _written(row, plan, plan.when)
    tell(instrument, f"{row.kind}_changed", by, at, **span_of(row), before=before)
    return row


def lift(
    slug: str, exception_id: int, *, by: Person, at: datetime, series: bool = False
) -> Instrument:
    """Take it back: what has begun ends now, what is to come is taken away, with `series` every week of it.

    Raises NotFound (for one that is over, too), Forbidden, and InvalidInput for one of an outside calendar.
    """
    instrument = managed(slug, by)
    row = _row(instrument, exception_id, at)
    details = span_of(row)
    for each in _all_of(row, at) if series and row.series else [row]:
        end(each, at)
    tell(instrument, f"{row.kind}_lifted", by, at, **details)
    return instrument


def end(row: OpeningException, at: datetime) -> None:
    """What has begun ends now; what is to come has never been."""
    if row.starts_at < at:
        row.ends_at, row.until_lifted = at, False
    else:
        db.session.delete(row)


def span_of(row: OpeningException) -> dict[str, str]:
    """Its bounds as the audit trail keeps them."""
    return {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()}


def _check(plan: Plan, at: datetime) -> None:
    faults = faults_of(plan, at)
    if faults:
        raise InvalidInput(fields={name: _FAULTS[fault] for name, fault in faults.items()})


def _stretches(plan: Plan, instrument: Instrument) -> list[Interval]:
    try:
        found = stretches_of(plan, zone(instrument.time_zone))
    except TooManyWeeks:
        sentence = lazy_gettext("Repeat it for at most %(most)s weeks.", most=MOST_WEEKS)
        raise InvalidInput(fields={"weekly_until": sentence}) from None
    if not found:
        sentence = lazy_gettext("Choose a last day on or after the first.")
        raise InvalidInput(fields={"weekly_until": sentence})
    return found


def _written(row: OpeningException, plan: Plan, slot: Interval) -> OpeningException:
    row.kind, row.starts_at, row.ends_at = plan.kind, slot.start, slot.end
    row.title, row.reason = dict(plan.title), dict(plan.reason)
    row.sudden, row.until_lifted = plan.sudden, plan.until_lifted
    row.open_to, row.release_minutes = plan.open_to, plan.release_minutes
    return row


def _row(instrument: Instrument, exception_id: int, at: datetime) -> OpeningException:
    row = db.session.get(OpeningException, exception_id)
    if row is None or row.instrument_id != instrument.id or row.ends_at <= at:
        raise NotFound()
    if row.outside_calendar_id is not None:
        raise InvalidInput(
            lazy_gettext("This comes from an outside calendar. Change it there, or remove it here.")
        )
    return row


def _all_of(row: OpeningException, at: datetime) -> list[OpeningException]:
    """Every stretch of a series that is not over."""
    return list(
        db.session.scalars(
            select(OpeningException).where(
                OpeningException.instrument_id == row.instrument_id,
                OpeningException.series == row.series,
                OpeningException.ends_at > at,
            )
        )
    )
