"""Reading samples that come by mail, for whoever may see their booking."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ...catalogue.rules import AccessMode
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import may
from ..models import Booking, Sample
from ..queries import booking_for, subject_of
from .models import SampleStep, SampleTrack
from .rules import TRAVELLING, WAYS, SampleState, Step


def mailed_booking(person: Person, reference: str, *, to_change: bool = False) -> Booking:
    """A booking by mail that the person may see. Raises NotFound."""
    booking = booking_for(person, reference, to_change=to_change)
    if booking.access_mode != AccessMode.MAIL_IN:
        raise NotFound()
    return booking


def sample_of(booking: Booking, sample_id: int) -> Sample:
    """The sample of the booking. Raises NotFound."""
    sample = next((each for each in booking.samples if each.id == sample_id), None)
    if sample is None:
        raise NotFound()
    return sample


def tracks_of(booking: Booking) -> Mapping[int, SampleTrack]:
    """What is known of each sample's way, by the id of the sample."""
    tracks = db.session.scalars(
        select(SampleTrack)
        .join(SampleTrack.sample)
        .options(selectinload(SampleTrack.steps).joinedload(SampleStep.by))
        .where(Sample.booking_id == booking.id)
    )
    return {track.sample_id: track for track in tracks}


def steps_open_to(person: Person, booking: Booking, state: str) -> list[Step]:
    """The steps that the person can take with a sample in that state."""
    if booking.state not in TRAVELLING:
        return []
    actor, about = actor_of(person), subject_of(booking)
    return [
        step
        for (of, step), way in WAYS.items()
        if of == SampleState(state) and may(actor, way.permission, about)
    ]


def reference_by_code(person: Person, code: str) -> tuple[str, int]:
    """The booking and the sample behind a label. Raises NotFound where the person may not see the booking."""
    found = db.session.execute(
        select(Booking.reference, Sample.id)
        .join(Sample, Sample.booking_id == Booking.id)
        .join(SampleTrack, SampleTrack.sample_id == Sample.id)
        .where(SampleTrack.code == code.upper())
    ).first()
    if found is None:
        raise NotFound()
    mailed_booking(person, found.reference)
    return found.reference, found.id
