"""What the tests of the waiting list do again and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from instrument_share.booking import services
from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.values import JoinRequest
from instrument_share.foundation.interval import Interval
from instrument_share.foundation.transaction import perform
from instrument_share.notification.models import Message
from tests.support.builders import AT, make_institution, make_person

HOUR = timedelta(hours=1)


TUESDAY = AT + timedelta(days=1)  # noon in Shanghai


WEDNESDAY = TUESDAY + timedelta(days=1)


def wish(instrument, **values) -> JoinRequest:
    defaults = {
        "instrument": instrument.slug, "access_mode": "on_site", "purpose": "Thin films",
        "since": TUESDAY - 4 * HOUR, "until": TUESDAY + 20 * HOUR, "minutes": 240, "time_zone": "UTC",
    }  # fmt: skip
    return JoinRequest(**defaults | values)


def someone():
    return make_person(make_institution())


def join(scene, person=None, *, at=AT, **values):
    request = replace(wish(scene.instrument), **values)
    return waiting.join(request, by=person or someone(), at=at)


def cancel(booking: Booking, at: datetime = AT) -> None:
    services.cancel(booking.reference, by=booking.applicant, at=at, version=None)


def sweep(at: datetime) -> None:
    """What a worker does when it looks for time."""
    for key in waiting.due_lines(at):
        perform(waiting.sweep_line, key, at)


def tell_watchers(at: datetime) -> int:
    """What a worker does for those who watch; how many it told."""
    return sum(perform(waiting.tell_watcher, key, at) for key in waiting.due_watches(at))


def offered_slot(entry) -> Interval | None:
    return entry.standing_offer.slot if entry.standing_offer else None


def holds(session) -> int:
    return session.scalar(select(func.count()).select_from(Hold))


def told(session, person) -> list[str]:
    rows = session.scalars(
        select(Message.kind).where(Message.person_id == person.id).order_by(Message.id)
    )
    return list(rows)
