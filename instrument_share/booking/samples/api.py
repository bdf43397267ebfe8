"""JSON calls of samples that come by mail, for laboratory systems on either side."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...foundation.http.arguments import arguments
from ...foundation.http.limits import WRITING, limiter
from ...identity.current import require_person
from ...identity.once import once
from . import queries, services
from .rules import Step
from .schemas import EventList, SampleList, SampleStepSchema, TrackedSampleSchema
from .shown import event_out, sample_out
from .values import Parcel

blueprint = Blueprint(
    "samples_api",
    __name__,
    url_prefix="/api/v1/bookings/<reference>/samples",
    description="Samples by mail",
)


@blueprint.get("")
@blueprint.response(200, SampleList)
def list_samples(reference: str) -> dict[str, Any]:
    """The samples of a booking by mail: where each is, and the steps that the caller can take with it."""
    person = require_person()
    booking = queries.mailed_booking(person, reference)
    tracks = queries.tracks_of(booking)
    items = [sample_out(each, tracks.get(each.id), booking, person) for each in booking.samples]
    return {"items": items, "total": len(items)}


@blueprint.get("/<int:sample_id>/events")
@blueprint.response(200, EventList)
def list_events(reference: str, sample_id: int) -> dict[str, Any]:
    """The steps that were taken with a sample, the oldest first."""
    booking = queries.mailed_booking(require_person(), reference)
    sample = queries.sample_of(booking, sample_id)
    track = queries.tracks_of(booking).get(sample.id)
    items = [event_out(each) for each in track.steps] if track else []
    return {"items": items, "total": len(items)}


@blueprint.post("/<int:sample_id>/events")
@limiter.limit(WRITING)
@arguments(blueprint, SampleStepSchema)
@blueprint.response(201, TrackedSampleSchema)
def take_step(said: dict[str, str], reference: str, sample_id: int) -> Any:
    """Take a step with a sample; the other side is told. `409 wrong_step` where the sample is elsewhere.

    Repeat with the same `Idempotency-Key` to get the first answer again.
    """
    person, at = require_person(), now()
    parcel = Parcel(said["carrier"], said["tracking"], said["note"])

    def answer() -> dict[str, Any]:
        track = services.take_step(
            reference, sample_id, Step(said["step"]), parcel, by=person, at=at
        )
        booking = queries.mailed_booking(person, reference)
        told = sample_out(track.sample, track, booking, person)
        shown: dict[str, Any] = TrackedSampleSchema().dump(told)
        return shown

    return jsonify(once(person, at, answer)), 201
