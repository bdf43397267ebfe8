"""Whether a booking that was allowed once can still take place: asked again at its start, and shown before the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from ..access.eligibility import Addressee, Condition, Eligibility, readiness_of
from ..access.errors import NotReady
from ..identity.models import Person
from .models import Booking
from .rules import State


def check_ready(booking: Booking, at: datetime) -> Eligibility:
    """What the applicant meets at the start. Raises NotReady with the sentences of whatever is no longer met."""
    found = _readiness(booking, at, Addressee.STAFF)
    unmet = found.unmet
    if unmet:
        sentences = " ".join(each.message for each in unmet)
        raise NotReady(sentences, conditions=[asdict(each) for each in unmet])
    return found


def obstacles_to(booking: Booking, reader: Person, at: datetime) -> Sequence[Condition]:
    """What will stop a confirmed booking when its time comes, told to the applicant with the remedy."""
    if booking.state != State.CONFIRMED:
        return ()
    own = booking.applicant_id == reader.id
    addressee = Addressee.SELF if own else Addressee.STAFF
    return _readiness(booking, max(at, booking.starts_at), addressee).unmet


def _readiness(booking: Booking, at: datetime, addressee: Addressee) -> Eligibility:
    return readiness_of(
        booking.applicant,
        booking.instrument,
        booking.agreement,
        at=at,
        addressee=addressee,
    )
