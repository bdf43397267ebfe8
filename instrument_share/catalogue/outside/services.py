"""Subscribing to an outside calendar, and writing down what came of fetching it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import joinedload

from ...foundation.database import db
from ...foundation.errors import InvalidInput, NotFound
from ...foundation.interval import Interval
from ...foundation.localized import LocalizedText
from ...foundation.signals import calendar_failing, instrument_changed
from ...identity import audit
from ...identity.models import Person
from ..changing import managed, tell
from ..models import Instrument, OpeningException
from ..queries import instrument_to_change
from ..rules import ExceptionKind
from .fetching import Known, plain_url
from .models import OutsideCalendar
from .rules import AHEAD, EVERY, LEASE, CalendarFault, is_stale, is_to_be_told

#: An instrument follows at most so many calendars.
MOST_CALENDARS = 10


def subscribe(
    slug: str, url: str, title: LocalizedText, *, by: Person, at: datetime
) -> OutsideCalendar:
    """Let the events of a calendar close an instrument; the worker fetches it within a minute.

    Raises NotFound, Forbidden, and InvalidInput for what is no web address or one calendar too many.
    """
    instrument = managed(slug, by)
    try:
        address = plain_url(url)
    except CalendarFault:
        sentence = lazy_gettext("Write an address that begins with https:// or webcal://.")
        raise InvalidInput(fields={"url": sentence}) from None
    if not any(title.values()):
        raise InvalidInput(
            fields={"calendar_title": lazy_gettext("Say what the calendar is about.")}
        )
    _check_room(instrument)
    calendar = OutsideCalendar(
        instrument_id=instrument.id, url=address, title=dict(title),
        added_by_id=by.id, added_at=at, next_fetch_at=at,
    )  # fmt: skip
    db.session.add(calendar)
    tell(instrument, "outside_calendar_added", by, at)
    return calendar


def unsubscribe(slug: str, calendar_id: int, *, by: Person, at: datetime) -> Instrument:
    """Follow a calendar no longer; its closures go with it. Raises NotFound and Forbidden."""
    instrument = managed(slug, by)
    calendar = _calendar_of(instrument, calendar_id)
    db.session.execute(
        delete(OpeningException).where(OpeningException.outside_calendar_id == calendar.id)
    )
    db.session.delete(calendar)
    tell(instrument, "outside_calendar_removed", by, at)
    return instrument


def fetch_soon(slug: str, calendar_id: int, *, by: Person, at: datetime) -> OutsideCalendar:
    """Let the worker fetch a calendar now and not in its turn. Raises NotFound and Forbidden."""
    calendar = _calendar_of(managed(slug, by), calendar_id)
    calendar.next_fetch_at = at
    db.session.flush()
    return calendar


def claim_due(at: datetime, *, worker: str) -> OutsideCalendar | None:
    """The next calendar that is due, for this worker alone as long as the lease lasts; the dead hold none up."""
    due = (
        select(OutsideCalendar.id)
        .where(
            OutsideCalendar.next_fetch_at <= at,
            or_(OutsideCalendar.claimed_until.is_(None), OutsideCalendar.claimed_until <= at),
        )
        .order_by(OutsideCalendar.next_fetch_at, OutsideCalendar.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claim = (
        update(OutsideCalendar)
        .where(OutsideCalendar.id.in_(due.scalar_subquery()))
        .values(claimed_by=worker, claimed_until=at + LEASE)
        .returning(OutsideCalendar.id)
        .execution_options(synchronize_session=False)
    )
    key = db.session.scalar(claim)
    return None if key is None else _loaded(key)


def window_of(calendar: OutsideCalendar, at: datetime) -> Interval:
    """How far a calendar is expanded: what can be booked, and some more."""
    return Interval(at, at + timedelta(days=calendar.instrument.horizon_days) + AHEAD)


def known_of(calendar: OutsideCalendar, at: datetime) -> Known:
    """What to ask with: nothing where recurrences have to be expanded further than they are."""
    bookable_until = at + timedelta(days=calendar.instrument.horizon_days)
    if calendar.expanded_until is None or calendar.expanded_until < bookable_until:
        return Known()
    return Known(calendar.etag, calendar.last_modified)


def record_read(
    calendar_id: int, slots: Sequence[Interval] | None, known: Known, *, worker: str, at: datetime
) -> None:
    """The calendar was fetched and understood: its closures are these now (None: as before), all at once."""
    calendar = _mine(calendar_id, worker)
    if calendar is None:
        return
    if slots is not None:
        calendar.expanded_until = window_of(calendar, at).end
        _replace(calendar, slots, at)
    calendar.etag, calendar.last_modified = known.etag, known.last_modified
    calendar.last_ok_at, calendar.last_error = at, ""
    calendar.failing_since = calendar.told_at = None
    _close(calendar, at)


def record_failure(calendar_id: int, fault: CalendarFault, *, worker: str, at: datetime) -> None:
    """The calendar could not be had. Its last good state stays while it is fresh enough; the managers are told once."""
    calendar = _mine(calendar_id, worker)
    if calendar is None:
        return
    calendar.failing_since = calendar.failing_since or at
    calendar.last_error = fault.code
    if is_stale(calendar.last_ok_at, at):
        _replace(calendar, [], at)
        calendar.etag = calendar.last_modified = ""
        calendar.expanded_until = None
    if is_to_be_told(calendar.last_ok_at, calendar.failing_since, calendar.told_at, at):
        calendar.told_at = at
        calendar_failing.send(calendar, at=at)
    _close(calendar, at)


def _check_room(instrument: Instrument) -> None:
    followed = select(func.count()).where(OutsideCalendar.instrument_id == instrument.id)
    if (db.session.scalar(followed) or 0) >= MOST_CALENDARS:
        sentence = lazy_gettext("Follow at most %(most)s calendars.", most=MOST_CALENDARS)
        raise InvalidInput(fields={"url": sentence})


def _calendar_of(instrument: Instrument, calendar_id: int) -> OutsideCalendar:
    calendar = db.session.get(OutsideCalendar, calendar_id)
    if calendar is None or calendar.instrument_id != instrument.id:
        raise NotFound()
    return calendar


def _loaded(calendar_id: int) -> OutsideCalendar | None:
    return db.session.scalar(
        select(OutsideCalendar)
        .where(OutsideCalendar.id == calendar_id)
        .options(joinedload(OutsideCalendar.instrument).joinedload(Instrument.facility))
        .execution_options(populate_existing=True)
    )


def _mine(calendar_id: int, worker: str) -> OutsideCalendar | None:
    """The calendar, with its instrument locked as for any closure; None where it was removed or taken over."""
    found = _loaded(calendar_id)
    if found is None:
        return None
    instrument_to_change(found.instrument.slug)
    calendar = _loaded(calendar_id)
    return calendar if calendar is not None and calendar.claimed_by == worker else None


def _replace(calendar: OutsideCalendar, slots: Sequence[Interval], at: datetime) -> None:
    """What is over stays as history; nothing is written or told where nothing has changed."""
    coming = (
        OpeningException.outside_calendar_id == calendar.id,
        OpeningException.ends_at > at,
    )
    rows = db.session.execute(
        select(OpeningException.starts_at, OpeningException.ends_at).where(*coming)
    )
    if {(row.starts_at, row.ends_at) for row in rows} == {(it.start, it.end) for it in slots}:
        return
    db.session.execute(delete(OpeningException).where(*coming))
    if slots:
        db.session.execute(insert(OpeningException), [_row(calendar, slot) for slot in slots])
    instrument = calendar.instrument
    audit.record(
        "instrument.outside_calendar_read", "instrument", instrument.slug, by=None, at=at,
        closures=len(slots),
    )  # fmt: skip
    instrument_changed.send(instrument, by=None, at=at)


def _row(calendar: OutsideCalendar, slot: Interval) -> dict[str, object]:
    """A closure; what it says to all is the calendar's title, not what the event says to its own people."""
    return {
        "instrument_id": calendar.instrument_id,
        "kind": ExceptionKind.CLOSURE,
        "starts_at": slot.start,
        "ends_at": slot.end,
        "reason": dict(calendar.title),
        "outside_calendar_id": calendar.id,
    }


def _close(calendar: OutsideCalendar, at: datetime) -> None:
    calendar.last_fetched_at, calendar.next_fetch_at = at, at + EVERY
    calendar.claimed_by = calendar.claimed_until = None
    db.session.flush()
