"""Samples by mail as the API tells them."""

from __future__ import annotations

from typing import Any

from ...identity.models import Person
from ..models import Booking, Sample
from .models import SampleStep, SampleTrack
from .queries import steps_open_to
from .rules import SampleState


def sample_out(
    sample: Sample, track: SampleTrack | None, booking: Booking, person: Person
) -> dict[str, Any]:
    """The sample, where it is, and what the person can do with it now."""
    state = track.state if track else SampleState.ANNOUNCED
    return {
        "id": sample.id,
        "name": sample.name,
        "count": sample.count,
        "hazard": sample.hazard,
        "afterwards": sample.afterwards,
        "kind": track.kind if track else "",
        "preservation": track.preservation if track else "",
        "state": state,
        "steps": steps_open_to(person, booking, state),
    }


def event_out(step: SampleStep) -> dict[str, Any]:
    return {
        "step": step.step,
        "at": step.at,
        "by": step.by.display_name,
        "carrier": step.carrier,
        "tracking": step.tracking,
        "note": step.note,
    }
