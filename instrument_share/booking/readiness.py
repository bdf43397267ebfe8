"""Whether a booking that was allowed once can still take place: asked again at its start, and shown before the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from ..access.eligibility import Condition, Reader, readiness_of
from ..access.errors import NotReady
from ..identity.models import Person
from .models import Booking
from .rules import State


def check_ready(booking: Booking, at: datetime) -> None:
    """Raises NotReady with the sentences of whatever is no longer met."""
    unmet = _unmet(booking, at, Reader.STAFF)
    if unmet:
        sentences = " ".join(each.message for each in unmet)
        raise NotReady(sentences, conditions=[asdict(each) for each in unmet])


def obstacles_to(booking: Booking, reader: Person, at: datetime) -> Sequence[Condition]:
    """What will stop a confirmed booking when its time comes, told to the applicant with the remedy."""
    if booking.state != State.CONFIRMED:
        return ()
    own = booking.applicant_id == reader.id
    return _unmet(booking, max(at, booking.starts_at), Reader.SELF if own else Reader.STAFF)


def _unmet(booking: Booking, at: datetime, reader: Reader) -> Sequence[Condition]:
    return readiness_of(
        booking.applicant,
        booking.instrument,
        booking.access_mode,
        booking.agreement,
        at=at,
        reader=reader,
    ).unmet
