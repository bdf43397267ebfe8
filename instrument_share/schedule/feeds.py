"""The feeds themselves: rows and closures turned into events, in the language that gettext
speaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext
from sqlalchemy import select

from ..booking.appointments import STATUS, Appointment
from ..booking.models import Booking
from ..catalogue.models import Instrument, OpeningException
from ..catalogue.queries import closures_of, instrument_by_slug
from ..foundation.calendar.document import Feed, FreeBusy
from ..foundation.calendar.event import Event, Status
from ..foundation.database import db
from ..foundation.http.show import localized
from ..foundation.interval import Interval
from .addresses import secret_key
from .heads import FeedHead
from .occupancy import taken_of
from .queries import bookings_of_person, public_bookings
from .rules import AHEAD, FeedWindow, modified_at, public_uid_of


def instrument_calendar(head: FeedHead, window: FeedWindow, url: str) -> Feed:
    """When the instrument is taken or closed; nothing about people."""
    rows = public_bookings(Booking.instrument_id == head.id, window)
    events = [_taken(row, gettext("Taken")) for row in rows]
    events += _closed(head, {head.id: ""}, window)
    description = gettext("When this instrument is taken or closed.")
    return _feed(head, window, localized(head.names), description, url, events)


def facility_calendar(head: FeedHead, window: FeedWindow, url: str) -> Feed:
    """When each instrument of the facility is taken or closed; nothing about people."""
    instruments = db.session.execute(
        select(Instrument.id, Instrument.names).where(Instrument.facility_id == head.id)
    )
    names = {row.id: localized(row.names) for row in instruments}
    rows = public_bookings(Instrument.facility_id == head.id, window)
    events = [_taken(row, _of(localized(row.names), gettext("Taken"))) for row in rows]
    events += _closed(head, names, window)
    description = gettext("When the instruments of this facility are taken or closed.")
    return _feed(head, window, localized(head.names), description, url, events)


def private_calendar(head: FeedHead, window: FeedWindow) -> Feed:
    """The person's own bookings. The feed does not name its own secret address."""
    base_url = current_app.config["SETTINGS"].base_url
    events = [_appointment(row).event(base_url) for row in bookings_of_person(head.id, window)]
    name = gettext("My instrument time")
    description = gettext("Your bookings of research instruments.")
    return _feed(head, window, name, description, f"{base_url}/bookings", events)


def free_busy(slug: str, window: Interval, at: datetime, url: str) -> FreeBusy:
    """When the instrument cannot be had within the window. Raises NotFound."""
    instrument = instrument_by_slug(slug)
    taken = taken_of({instrument.id: instrument.positions}, window)[instrument.id]
    uid = public_uid_of(secret_key(), "freebusy", f"{slug}:{window.start}:{window.end}")
    return FreeBusy(uid, window, at, taken, url)


def _feed(
    head: FeedHead,
    window: FeedWindow,
    name: str,
    description: str,
    url: str,
    events: list[Event],
) -> Feed:
    changed_at = modified_at(head.changed_at, window)
    return Feed(name, head.time_zone, changed_at, description, url, events)


def _taken(row: Any, summary: str) -> Event:
    status = STATUS[row.state]
    return Event(
        uid=public_uid_of(secret_key(), "booking", row.reference),
        sequence=row.sequence,
        status=status,
        slot=Interval(row.held_from, row.held_until),
        zone=row.time_zone,
        changed_at=row.changed_at,
        summary=gettext("Called off") if status is Status.CANCELLED else summary,
    )


def _closed(head: FeedHead, names: dict[int, str], window: FeedWindow) -> list[Event]:
    """Closures have no history of their own: the calendar's version is their sequence."""
    changed_at = modified_at(head.changed_at, window)
    ahead = Interval(window.since, window.week + AHEAD)
    return [
        Event(
            uid=public_uid_of(secret_key(), "closure", str(closure.id)),
            sequence=head.version,
            status=Status.CONFIRMED,
            slot=Interval(closure.starts_at, closure.ends_at),
            zone=head.time_zone,
            changed_at=changed_at,
            summary=_of(names[closure.instrument_id], gettext("Closed")),
            description=localized(closure.reason),
        )
        for closure in _closures(names, ahead)
    ]


def _closures(instrument_ids: Iterable[int], window: Interval) -> list[OpeningException]:
    return [found for found in closures_of(instrument_ids, window) if found.kind == "closure"]


def _appointment(row: Any) -> Appointment:
    return Appointment(
        reference=row.reference,
        sequence=row.sequence,
        state=row.state,
        slot=Interval(row.starts_at, row.ends_at),
        time_zone=row.time_zone,
        changed_at=row.changed_at,
        instrument=row.instrument,
        facility=row.facility,
        access_mode=row.access_mode,
    )


def _of(instrument: str, what: str) -> str:
    if not instrument:
        return what
    return gettext("%(instrument)s: %(what)s", instrument=instrument, what=what)
