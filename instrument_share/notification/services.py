"""Telling people, and remembering what they have read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit
from uuid import uuid4

from flask import current_app
from sqlalchemy import insert, update

from ..foundation.database import db
from ..identity.models import Person
from .facts import Facts
from .models import Message
from .queries import message_for
from .rules import REMARKS, Kind


def tell(
    kinds: Mapping[int, Kind],
    facts: Facts,
    *,
    at: datetime,
    booking_id: int | None = None,
    series_id: int | None = None,
) -> None:
    """Write one message for each person (by id): in the inbox now, in the mail when the worker comes."""
    if not kinds:
        return
    kept = facts.kept()
    db.session.execute(
        _NEW,
        [
            {
                "message_id": new_message_id(),
                "person_id": person_id,
                "kind": kind,
                "booking_id": booking_id,
                "series_id": series_id,
                "facts": kept,
                "created_at": at,
                "next_attempt_at": at,
            }
            for person_id, kind in kinds.items()
        ],
    )


#: Rows, of which nobody needs the objects or asks for the ids.
_NEW = insert(Message.__table__).inline()


def mark_read(message_id: int, *, by: Person, at: datetime) -> Message:
    """Remember that the person saw the message. Raises NotFound where it is not theirs."""
    message = message_for(by, message_id)
    message.read_at = message.read_at or at
    db.session.flush()
    return message


def mark_all_read(*, by: Person, at: datetime) -> None:
    """Remember that the person saw every message of theirs."""
    db.session.execute(
        update(Message)
        .where(Message.person_id == by.id, Message.read_at.is_(None))
        .values(read_at=at)
    )


def mark_remarks_read(booking_id: int, *, by: Person, at: datetime) -> None:
    """Whoever has read a booking's conversation has read the messages that told of it."""
    db.session.execute(
        update(Message)
        .where(
            Message.person_id == by.id,
            Message.booking_id == booking_id,
            Message.kind.in_(REMARKS),
            Message.read_at.is_(None),
        )
        .values(read_at=at)
    )


def new_message_id() -> str:
    """A Message-ID (RFC 5322 section 3.6.4), fixed before the first attempt to send."""
    host = urlsplit(current_app.config["SETTINGS"].base_url).hostname
    return f"<{uuid4()}@{host}>"
