"""What this floor does when an account is erased."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, delete, exists, or_, select, update

from ..booking.models import Booking
from ..foundation.database import db
from ..identity.models import Person
from ..identity.own_data.copies import holds_copy, without_copies
from ..identity.own_data.registry import Erasure
from .digests.models import MessageWishes
from .models import Message

#: So many messages are read and written at once.
_BATCH = 500


def messages(erasure: Erasure) -> None:
    """What was told to them goes; in what others were told of them the name is replaced, batch by batch."""
    own = erasure.person.id
    db.session.execute(delete(Message).where(Message.person_id == own))
    db.session.execute(delete(MessageWishes).where(MessageWishes.person_id == own))
    for batch in _naming(erasure):
        _rewrite(batch, erasure.copies)


def _naming(erasure: Erasure) -> Iterator[Sequence[Any]]:
    last = 0
    query = (
        select(Message.id, Message.facts)
        .where(holds_copy(cast(Message.facts, String), erasure), _is_about(erasure.person))
        .order_by(Message.id)
        .limit(_BATCH)
    )
    while batch := db.session.execute(query.where(Message.id > last)).all():
        yield batch
        last = batch[-1].id


def _is_about(person: Person) -> ColumnElement[bool]:
    """Where somebody else has the same name only messages on the person's own bookings are surely about them."""
    namesake = exists().where(Person.id != person.id, Person.display_name == person.display_name)
    own = select(Booking.id).where(Booking.applicant_id == person.id)
    return or_(~namesake, Message.booking_id.in_(own))


def _rewrite(batch: Sequence[Any], copies: dict[str, str]) -> None:
    table = Message.__table__
    db.session.execute(
        update(table).where(table.c.id == bindparam("row")).values(facts=bindparam("new")),
        [{"row": row.id, "new": without_copies(row.facts, copies)} for row in batch],
    )
