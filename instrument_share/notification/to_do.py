"""Conversations that the person was told of and has not read."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import select

from ..foundation.database import db
from ..foundation.http.show import localized
from ..identity import waiting
from ..identity.models import Person
from ..identity.waiting import MOST, Pile, Thing
from .facts import BookingFacts
from .models import Message
from .pages import page_of
from .rules import REMARKS


def connect() -> None:
    """Tell the inbox. Connecting again changes nothing."""
    waiting.register("unread", lazy_gettext("Unread messages on bookings"), _unread, place=50)


def _unread(person: Person, at: datetime) -> Pile:
    """One row a booking, with the newest of its messages."""
    messages = db.session.scalars(
        select(Message)
        .where(Message.person_id == person.id, Message.kind.in_(REMARKS), Message.read_at.is_(None))
        .order_by(Message.id.desc())
        .limit(200)
    )
    newest: dict[str, Message] = {}
    for message in messages:
        newest.setdefault(message.facts["reference"], message)
    return Pile([_thing(each) for each in list(newest.values())[:MOST]], len(newest))


def _thing(message: Message) -> Thing:
    facts = BookingFacts.read(message.facts)
    booked = facts.appointment
    return Thing(
        about=f"{localized(booked.instrument)} · {booked.reference}",
        url=page_of(message),
        detail=facts.by,
    )
