"""What waits for people because of bookings: decisions, changes that were requested, offers, uses to finish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..catalogue.models import Instrument
from ..catalogue.within import instrument_within
from ..foundation.database import db
from ..foundation.http.show import localized
from ..identity import waiting
from ..identity.acting import actor_of
from ..identity.models import Person
from ..identity.rules import Permission, may_somewhere, scopes_held
from ..identity.waiting import MOST, Pile, Thing
from .models import Booking
from .queries import approvals_for
from .routing import pending_step
from .rules import State


def connect() -> None:
    """Tell the inbox. Connecting again changes nothing."""
    waiting.register("decisions", lazy_gettext("Your decision"), _decisions, place=10)
    waiting.register("offers", lazy_gettext("Time offered to you"), _offers, place=20)
    waiting.register("changes", lazy_gettext("Changes requested of you"), _changes, place=30)
    waiting.register("finish", lazy_gettext("Uses to finish"), _to_finish, place=40)


def _decisions(person: Person, at: datetime) -> Pile | None:
    if not may_somewhere(actor_of(person), Permission.SEE_QUEUE):
        return None
    page = approvals_for(person, page_size=MOST, series_as_one=True)
    return Pile([_decision(each) for each in page.items], page.total, url_for("booking.approvals"))


def _decision(booking: Booking) -> Thing:
    step = pending_step(booking)
    return _thing(booking, booking.applicant.display_name, step.due_at if step else None)


def _offers(person: Person, at: datetime) -> Pile:
    return _pile(_mine(person, State.OFFERED), gettext("Accept it or decline it."))


def _changes(person: Person, at: datetime) -> Pile:
    return _pile(
        _mine(person, State.CHANGES_REQUESTED), gettext("Change the request and submit it again.")
    )


def _mine(person: Person, state: State) -> Sequence[Booking]:
    return db.session.scalars(
        select(Booking)
        .where(Booking.applicant_id == person.id, Booking.state == state)
        .options(joinedload(Booking.instrument))
        .order_by(Booking.hold_expires_at, Booking.id)
    ).all()


def _to_finish(person: Person, at: datetime) -> Pile | None:
    held = scopes_held(actor_of(person), Permission.RUN_BOOKING, "host")
    if not held:
        return None
    rows = db.session.scalars(
        select(Booking)
        .join(Booking.instrument)
        .join(Instrument.facility)
        .where(
            Booking.state == State.IN_USE,
            Booking.ends_at < at,
            instrument_within(held),
        )
        .options(joinedload(Booking.instrument), joinedload(Booking.applicant))
        .order_by(Booking.ends_at)
        .limit(100)
    ).all()
    return _pile(rows, gettext("Its time is over: record what was used."))


def _pile(bookings: Sequence[Booking], detail: str) -> Pile:
    things = [_thing(each, detail, each.hold_expires_at) for each in bookings[:MOST]]
    return Pile(things, len(bookings), url_for("booking.index"))


def _thing(booking: Booking, detail: str, due: datetime | None) -> Thing:
    return Thing(
        about=f"{localized(booking.instrument.names)} · {booking.reference}",
        url=url_for("booking.show", reference=booking.reference),
        detail=detail,
        due=due,
        time_zone=booking.time_zone,
    )
