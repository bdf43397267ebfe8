"""The feeds themselves: rows and closures turned into events, in the language that gettext speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext
from sqlalchemy import select

from ..access.training.appointments import TrainingDate
from ..access.training.rules import SessionState
from ..booking.appointments import STATUS, Appointment, place_at
from ..booking.models import Booking
from ..booking.rules import State
from ..catalogue.models import Instrument, OpeningException
from ..catalogue.queries import closures_of, instrument_by_slug
from ..foundation.calendar.document import Feed, FreeBusy
from ..foundation.calendar.event import Event, Status
from ..foundation.database import db
from ..foundation.http.show import localized, moment, zone_name
from ..foundation.interval import Interval
from .addresses import public_url, secret_key
from .heads import FeedHead
from .occupancy import taken_of
from .queries import (
    bookings_of_person,
    public_bookings,
    requests_waiting_for,
    trainings_of_person,
)
from .rules import AHEAD, FeedWindow, modified_at, public_uid_of

#: The feeds' colours, by CSS3 names (RFC 7986 section 5.9).
_PUBLIC, _OWN, _QUEUE = "darkslategray", "teal", "goldenrod"


def instrument_calendar(head: FeedHead, window: FeedWindow, slug: str) -> Feed:
    """When the instrument is taken or closed; nothing about people."""
    rows = public_bookings(Booking.instrument_id == head.id, window)
    summary, key = gettext("Taken"), secret_key()
    events = [_taken(row, summary, key) for row in rows]
    events += _closed(head, {head.id: ""}, window)
    return _feed(
        head,
        window,
        events,
        name=localized(head.names),
        description=gettext("When this instrument is taken or closed."),
        page=public_url("catalogue.instrument", slug=slug),
        source=public_url("schedule.instrument_feed", slug=slug),
        color=_PUBLIC,
    )


def facility_calendar(head: FeedHead, window: FeedWindow, slug: str) -> Feed:
    """When each instrument of the facility is taken or closed; nothing about people."""
    instruments = db.session.execute(
        select(Instrument.id, Instrument.names).where(Instrument.facility_id == head.id)
    )
    names = {row.id: localized(row.names) for row in instruments}
    rows = public_bookings(Booking.instrument_id.in_(list(names)), window)
    summaries = {key: _of(name, gettext("Taken")) for key, name in names.items()}
    key = secret_key()
    events = [_taken(row, summaries[row.instrument_id], key) for row in rows]
    events += _closed(head, names, window)
    return _feed(
        head,
        window,
        events,
        name=localized(head.names),
        description=gettext("When the instruments of this facility are taken or closed."),
        page=public_url("catalogue.facility", slug=slug),
        source=public_url("schedule.facility_feed", slug=slug),
        color=_PUBLIC,
    )


def private_calendar(head: FeedHead, window: FeedWindow) -> Feed:
    """The person's own bookings, what is offered to them, and their trainings. The feed does not name its own secret
    address.
    """
    base_url = current_app.config["SETTINGS"].base_url
    bookings = [_appointment(row) for row in bookings_of_person(head.id, window)]
    trainings = [_training(row, head, window) for row in trainings_of_person(head.id, window)]
    return _feed(
        head,
        window,
        [
            *(each.event(base_url) for each in bookings),
            *(each.event(base_url) for each in trainings),
        ],
        name=gettext("My instrument time"),
        description=gettext("Your bookings of research instruments, and your trainings."),
        page=f"{base_url}/bookings",
        color=_OWN,
    )


def queue_calendar(head: FeedHead, window: FeedWindow) -> Feed:
    """The requests that wait for the person's decision, each at the time that is asked for."""
    base_url = current_app.config["SETTINGS"].base_url
    return _feed(
        head,
        window,
        [_to_decide(row, base_url) for row in requests_waiting_for(head.id)],
        name=gettext("Requests to decide"),
        description=gettext("Requests for instrument time that wait for your decision."),
        page=f"{base_url}/approvals",
        color=_QUEUE,
    )


def free_busy(slug: str, window: Interval, at: datetime) -> FreeBusy:
    """When the instrument cannot be had within the window. Raises NotFound."""
    instrument = instrument_by_slug(slug)
    taken = taken_of({instrument.id: instrument.positions}, window, at)[instrument.id]
    uid = public_uid_of(secret_key(), "freebusy", f"{slug}:{window.start}:{window.end}")
    return FreeBusy(uid, window, at, taken, public_url("schedule.free_busy", slug=slug))


def _feed(head: FeedHead, window: FeedWindow, events: list[Event], **described: str) -> Feed:
    return Feed(
        zone=head.time_zone,
        changed_at=modified_at(head.changed_at, window),
        uid=public_uid_of(secret_key(), "feed", head.key),
        events=events,
        alarm=window.alarm,
        **described,
    )


def _taken(row: Any, summary: str, key: str) -> Event:
    status = STATUS[row.state]
    return Event(
        uid=public_uid_of(key, "booking", row.reference),
        sequence=row.sequence,
        status=status,
        slot=Interval(row.held_from, row.held_until),
        zone=row.time_zone,
        changed_at=row.changed_at,
        summary=gettext("Called off") if status is Status.CANCELLED else summary,
    )


def _closed(head: FeedHead, names: dict[int, str], window: FeedWindow) -> list[Event]:
    """Closures have no history of their own: the calendar's version is their sequence.

    To the public everything that is no opening is a closure; what a manager blocks the time for
    is told to nobody.
    """
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
            description=localized(closure.reason) if closure.kind == "closure" else "",
        )
        for closure in _closures(names, ahead)
    ]


def _closures(instrument_ids: Iterable[int], window: Interval) -> list[OpeningException]:
    return [found for found in closures_of(instrument_ids, window) if found.kind != "opening"]


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
        place=place_at(
            row.position or row.wanted_position, row.whole, row.positions, row.position_names
        ),
        offered_until=row.hold_expires_at if row.state == State.OFFERED else None,
    )


def _training(row: Any, head: FeedHead, window: FeedWindow) -> TrainingDate:
    """Places have no history of their own: it was changed when the calendar was."""
    return TrainingDate(
        reference=row.reference,
        slot=Interval(row.starts_at, row.ends_at),
        time_zone=row.time_zone,
        changed_at=modified_at(head.changed_at, window),
        subject=row.instrument or row.facility,
        facility=row.facility,
        venue=row.venue,
        remote_url=row.remote_url,
        is_off=row.state == SessionState.CANCELLED,
        moves=row.moves,
    )


def _to_decide(row: Any, base_url: str) -> Event:
    """A request as whoever decides it sees it: it takes none of their time."""
    instrument = localized(row.instrument)
    return Event(
        uid=public_uid_of(secret_key(), "decision", row.reference),
        sequence=row.sequence,
        status=Status.TENTATIVE,
        slot=Interval(row.starts_at, row.ends_at),
        zone=row.time_zone,
        changed_at=row.changed_at,
        summary=gettext("To decide: %(instrument)s", instrument=instrument),
        description="\n".join(_asked_by_whom(row)),
        location=localized(row.facility),
        url=f"{base_url}/bookings/{row.reference}",
        is_private=True,
        is_free=True,
    )


def _asked_by_whom(row: Any) -> Iterator[str]:
    yield gettext("Booking %(reference)s", reference=row.reference)
    if row.institution:
        institution = localized(row.institution)
        yield gettext("Asked for by %(name)s, %(place)s", name=row.applicant, place=institution)
    else:
        yield gettext("Asked for by %(name)s", name=row.applicant)
    if row.due_at:
        due, zone = moment(row.due_at, row.reader_zone), zone_name(row.reader_zone, row.due_at)
        yield gettext("Decide by %(time)s, %(zone)s", time=due, zone=zone)


def _of(instrument: str, what: str) -> str:
    if not instrument:
        return what
    return gettext("%(instrument)s: %(what)s", instrument=instrument, what=what)
