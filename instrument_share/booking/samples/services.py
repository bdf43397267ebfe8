"""Describing samples that travel, and taking the steps of their way."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from flask_babel import lazy_gettext

from ...foundation.database import db
from ...foundation.errors import InvalidInput, NotFound
from ...identity import audit
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, may
from ..happenings import Happening, tell_of
from ..models import Booking, Sample
from ..queries import subject_of
from .errors import WrongStep
from .models import SampleStep, SampleTrack
from .queries import mailed_booking, sample_of, steps_open_to, tracks_of
from .rules import BY_MAIL, WAYS, SampleState, Step, steps_to
from .values import Parcel

_HAPPENINGS = {
    Step.SEND: Happening.SAMPLE_SENT,
    Step.RECEIVE: Happening.SAMPLE_RECEIVED,
    Step.MEASURE: Happening.SAMPLE_MEASURED,
    Step.KEEP: Happening.SAMPLE_KEPT,
    Step.RETURN: Happening.SAMPLE_RETURNED,
    Step.DESTROY: Happening.SAMPLE_DESTROYED,
}


def describe(
    reference: str, sample_id: int, kind: str, preservation: str, *, by: Person, at: datetime
) -> SampleTrack:
    """Say what kind of sample it is and how it is to be kept. Raises NotFound."""
    booking = mailed_booking(by, reference, to_change=True)
    if not may(actor_of(by), Permission.EDIT_BOOKING, subject_of(booking)):
        raise NotFound()
    track = track_of(booking, sample_id)
    track.kind, track.preservation = kind, preservation
    audit.record("sample.describe", "booking", reference, by=by.id, at=at, sample=sample_id)
    db.session.flush()
    return track


def take_step(
    reference: str, sample_id: int, step: Step, parcel: Parcel, *, by: Person, at: datetime
) -> SampleTrack:
    """Take a step of a sample's way; the other side is told.

    Raises NotFound where it is not theirs to take, WrongStep, and InvalidInput for a parcel without tracking number.
    """
    booking = mailed_booking(by, reference, to_change=True)
    track = track_of(booking, sample_id)
    if step not in steps_open_to(by, booking, track.state):
        _refuse(by, booking, step)
    _take(booking, track, step, parcel, by=by, at=at)
    _tell(booking, track, step, parcel, by=by, at=at)
    db.session.flush()
    return track


def bring_to(
    booking: Booking, sample_id: int, goal: SampleState, parcel: Parcel, *, by: Person, at: datetime
) -> SampleTrack:
    """Take every step that is left to `goal`, for who runs the booking; its owner is told of the last one alone.

    Raises NotFound, WrongStep where no way leads there, and InvalidInput for a parcel without tracking number.
    """
    track = track_of(booking, sample_id)
    steps = steps_to(SampleState(track.state), goal)
    if not steps:
        raise WrongStep()
    *before, last = steps
    for step in before:
        _take(booking, track, step, Parcel(), by=by, at=at)
    _take(booking, track, last, parcel, by=by, at=at)
    _tell(booking, track, last, parcel, by=by, at=at)
    db.session.flush()
    return track


def begin_tracks(reference: str, *, by: Person) -> list[SampleTrack]:
    """A track, and so a code for its label, for every sample of a booking. Raises NotFound."""
    booking = mailed_booking(by, reference, to_change=True)
    return [track_of(booking, sample.id) for sample in booking.samples]


def track_of(booking: Booking, sample_id: int) -> SampleTrack:
    """The track of a sample of the booking, begun where there is none. Raises NotFound."""
    sample = sample_of(booking, sample_id)
    track = tracks_of(booking).get(sample_id) or _begun(sample)
    db.session.flush()
    return track


def _take(
    booking: Booking, track: SampleTrack, step: Step, parcel: Parcel, *, by: Person, at: datetime
) -> None:
    """The step as a row of the sample's history. Raises InvalidInput."""
    if step in BY_MAIL:
        _check_parcel(track, parcel)
    track.state = WAYS[SampleState(track.state), step].to
    track.steps.append(SampleStep(step=step, by=by, at=at, **asdict(parcel)))
    audit.record(
        "sample." + step, "booking", booking.reference, by=by.id, at=at, sample=track.sample.id
    )


def _check_parcel(track: SampleTrack, parcel: Parcel) -> None:
    missing = [name for name in ("carrier", "tracking") if not getattr(parcel, name)]
    if missing:
        told = lazy_gettext("Fill this in.")
        raise InvalidInput(fields={f"{name}_{track.sample.id}": told for name in missing})


def _tell(
    booking: Booking, track: SampleTrack, step: Step, parcel: Parcel, *, by: Person, at: datetime
) -> None:
    told = " – ".join(filter(None, (track.sample.name, parcel.carrier, parcel.tracking)))
    tell_of(booking, _HAPPENINGS[step], by=by, at=at, detail=told, comment=parcel.note)


def _begun(sample: Sample) -> SampleTrack:
    track = SampleTrack(sample=sample)
    db.session.add(track)
    return track


def _refuse(by: Person, booking: Booking, step: Step) -> None:
    """Whoever may never take a step learns nothing of where the sample is."""
    actor, about = actor_of(by), subject_of(booking)
    if any(may(actor, way.permission, about) for (_, of), way in WAYS.items() if of == step):
        raise WrongStep()
    raise NotFound()
