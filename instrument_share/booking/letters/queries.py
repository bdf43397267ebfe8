"""Reading letters: those of a booking for whoever may see it, and one by its code for anybody."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from ...foundation.database import db
from ...foundation.errors import NotFound
from ...identity.models import Institution, Person
from ..models import Booking
from ..visits.queries import on_site_booking
from .models import Letter
from .rules import typed_code


def letters_of(booking: Booking) -> Sequence[Letter]:
    """The letters of a booking, the newest first."""
    return db.session.scalars(
        select(Letter)
        .options(joinedload(Letter.issued_by))
        .where(Letter.booking_id == booking.id)
        .order_by(Letter.id.desc())
    ).all()


def letter_on(person: Person, reference: str, number: str, *, to_change: bool = False) -> Letter:
    """A letter of a booking that the person may see. Raises NotFound."""
    booking = on_site_booking(person, reference, to_change=to_change)
    letter = db.session.scalar(
        select(Letter)
        .options(joinedload(Letter.file))
        .where(Letter.booking_id == booking.id, Letter.number == number)
    )
    if letter is None:
        raise NotFound()
    return letter


def letter_by_code(text: str) -> Letter | None:
    """The letter that carries this code as it was typed; None for what is none and for what is unknown alike."""
    code = typed_code(text)
    if code is None:
        return None
    return db.session.scalar(
        select(Letter).options(joinedload(Letter.host)).where(Letter.code == code)
    )


def next_serial(host: Institution, year: int) -> int:
    """The number of the next letter; the host's row is locked, so that none is given twice."""
    db.session.scalar(select(Institution.id).where(Institution.id == host.id).with_for_update())
    last = db.session.scalar(
        select(func.max(Letter.serial)).where(Letter.host_id == host.id, Letter.year == year)
    )
    return (last or 0) + 1
