"""What waits for international offices: letters of invitation that were asked for."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...catalogue.models import Instrument
from ...catalogue.within import instrument_within
from ...foundation.database import db
from ...foundation.http.show import localized
from ...identity import waiting
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, scopes_held
from ...identity.waiting import MOST, Pile, Thing
from ..models import Booking
from ..rules import LIVE
from ..visits.models import Visit

#: So many are counted.
_COUNTED = 100


def connect() -> None:
    """Tell the inbox. Connecting again changes nothing."""
    waiting.register("letters", lazy_gettext("Letters of invitation to issue"), _to_issue, place=16)


def _to_issue(person: Person, at: datetime) -> Pile | None:
    held = scopes_held(actor_of(person), Permission.ISSUE_LETTER, "host")
    if not held:
        return None
    found = db.session.scalars(
        select(Visit)
        .join(Visit.booking)
        .join(Booking.instrument)
        .join(Instrument.facility)
        .where(
            Visit.letter_asked_at.is_not(None),
            Booking.state.in_(LIVE),
            Booking.applicant_id != person.id,
            instrument_within(held),
        )
        .options(
            joinedload(Visit.booking).joinedload(Booking.instrument),
            joinedload(Visit.booking).joinedload(Booking.applicant),
        )
        .order_by(Visit.arrives_on, Visit.booking_id)
        .limit(_COUNTED)
    ).all()
    return Pile([_thing(each.booking) for each in found[:MOST]], len(found))


def _thing(booking: Booking) -> Thing:
    return Thing(
        f"{localized(booking.instrument.names)} · {booking.reference}",
        url_for("booking.show", reference=booking.reference) + "#visit",
        booking.applicant.display_name,
    )
