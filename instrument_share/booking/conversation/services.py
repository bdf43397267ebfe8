"""Saying something on a booking, and having read what was said."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from ...files.services import keep_files
from ...foundation.database import db, refer
from ...foundation.errors import Forbidden, InvalidInput
from ...foundation.signals import remark_made, remarks_seen
from ...foundation.upsert import insert_into
from ...identity import audit
from ...identity.models import Person
from ..models import Booking
from ..queries import booking_for
from .models import Remark, RemarksRead
from .queries import may_note
from .values import MOST_FILES, Words


def say(reference: str, words: Words, *, by: Person, at: datetime) -> Remark:
    """Say something on a booking to the other side, or note it for the offices alone.

    Raises NotFound where the person may not see the booking, Forbidden where they may not take notes on it, and
    UnacceptableFile.
    """
    booking = booking_for(by, reference)
    if words.is_internal and not may_note(by, booking):
        raise Forbidden()
    if len(words.files) > MOST_FILES:
        raise InvalidInput(
            fields={"files": gettext("Send at most %(most)s files.", most=MOST_FILES)}
        )
    remark = Remark(
        author=by,
        is_internal=words.is_internal,
        text=words.text,
        said_at=at,
        files=keep_files(words.files, by=by, at=at),
    )
    db.session.add(refer(remark, booking=booking))
    db.session.flush()
    note_read(booking, remark.id, by=by, at=at)
    audit.record(
        "conversation.say", "booking", reference, by=by.id, at=at,
        internal=words.is_internal, files=[file.sha256 for file in remark.files],
    )  # fmt: skip
    remark_made.send(remark, at=at)
    return remark


def note_read(booking: Booking, last_id: int, *, by: Person, at: datetime) -> None:
    """Remember that the person has seen everything up to this remark; never less than before."""
    mark = insert_into(RemarksRead).values(booking_id=booking.id, person_id=by.id, last_id=last_id)
    db.session.execute(
        mark.on_conflict_do_update(
            index_elements=["booking_id", "person_id"],
            set_={"last_id": mark.excluded.last_id},
            where=RemarksRead.last_id < mark.excluded.last_id,
        )
    )
    remarks_seen.send(booking, by=by, at=at)
