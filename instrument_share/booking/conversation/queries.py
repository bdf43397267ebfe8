"""Reading the conversation on a booking, as far as the reader may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import joinedload, selectinload

from ...files.models import StoredFile
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...foundation.http.paging import Page
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, may
from ..models import Booking
from ..queries import booking_for, subject_of
from .models import Remark, RemarkFile, RemarksRead

#: A page shows the newest of a longer conversation; the API has them all.
_SHOWN = 200
#: Authors and files, in a fixed number of statements.
_WHOLE = (joinedload(Remark.author), selectinload(Remark.files))


@dataclass(frozen=True, slots=True)
class Conversation:
    """What has been said on a booking, the oldest first, as its reader sees it."""

    booking: Booking
    remarks: Sequence[Remark]
    unread: frozenset[int]
    may_note: bool
    has_earlier: bool = False


def may_note(person: Person, booking: Booking) -> bool:
    """Whether the person reads and writes the offices' notes; an applicant never does, whatever else they are."""
    permitted = may(actor_of(person), Permission.SEE_NOTES, subject_of(booking))
    return permitted and booking.applicant_id != person.id


def conversation_of(booking: Booking, person: Person) -> Conversation:
    """The conversation on a booking that the person may see."""
    rows = db.session.execute(
        select(Remark, RemarksRead.last_id)
        .options(*_WHOLE)
        .outerjoin(RemarksRead, _is_read_by(person))
        .where(Remark.booking_id == booking.id, _visible(person, booking))
        .order_by(Remark.id.desc())
        .limit(_SHOWN + 1)
    ).all()
    remarks = [remark for remark, _ in rows[:_SHOWN]][::-1]
    unread = {
        remark.id
        for remark, last in rows
        if remark.author_id != person.id and remark.id > (last or 0)
    }
    noting = may_note(person, booking)
    return Conversation(booking, remarks, frozenset(unread), noting, len(rows) > _SHOWN)


def remarks_on(reference: str, person: Person, page: int = 1, page_size: int = 50) -> Page[Remark]:
    """The same page by page, the oldest first. Raises NotFound."""
    booking = booking_for(person, reference)
    matching = (Remark.booking_id == booking.id, _visible(person, booking))
    total = db.session.scalar(select(func.count()).select_from(Remark).where(*matching)) or 0
    rows = db.session.scalars(
        select(Remark)
        .options(*_WHOLE)
        .where(*matching)
        .order_by(Remark.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return Page(rows.all(), total, page, page_size)


def file_on(reference: str, key: str, person: Person) -> StoredFile:
    """A file of the conversation, where the person may see the remark that it came with. Raises NotFound."""
    booking = booking_for(person, reference)
    file = db.session.scalar(
        select(StoredFile)
        .join(RemarkFile, RemarkFile.file_id == StoredFile.id)
        .join(Remark, Remark.id == RemarkFile.remark_id)
        .where(StoredFile.key == key, Remark.booking_id == booking.id, _visible(person, booking))
    )
    if file is None:
        raise NotFound()
    return file


def speakers_on(booking: Booking) -> Sequence[Person]:
    """Everybody who has said something on the booking."""
    return db.session.scalars(
        select(Person)
        .where(
            Person.id.in_(select(Remark.author_id).where(Remark.booking_id == booking.id)),
            Person.suspended_at.is_(None),
        )
        .order_by(Person.id)
    ).all()


def _visible(person: Person, booking: Booking) -> ColumnElement[bool]:
    return true() if may_note(person, booking) else Remark.is_internal.is_(False)


def _is_read_by(person: Person) -> ColumnElement[bool]:
    return and_(RemarksRead.booking_id == Remark.booking_id, RemarksRead.person_id == person.id)
