"""Samples by mail as the booking's page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...identity.models import Person
from ..models import Booking, Sample
from ..rules import State
from .labels import DEEDS, SAMPLE_STATES, STEPS
from .models import SampleTrack
from .queries import steps_open_to, tracks_of
from .rules import SETTLED, TRAVELLING, WAYS, SampleState


@dataclass(frozen=True, slots=True)
class SampleShown:
    """`steps`: what the reader can do, each with whether a parcel belongs to it."""

    sample: Sample
    track: SampleTrack | None
    state: str
    tone: str
    steps: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class SamplesPanel:
    """`unsettled`: the use is finished and nobody has said what became of so many samples."""

    samples: list[SampleShown]
    unsettled: bool
    has_labels: bool
    may_describe: bool
    template: str = "booking/samples/panel.html"
    deeds = DEEDS


def samples_panel(booking: Booking, person: Person, at: datetime) -> SamplesPanel:
    tracks = tracks_of(booking)
    shown = [_sample_shown(booking, person, each, tracks.get(each.id)) for each in booking.samples]
    finished = booking.state in (State.COMPLETED, State.SETTLED)
    states = [_state(tracks.get(each.id)) for each in booking.samples]
    return SamplesPanel(
        shown,
        unsettled=finished and any(state not in SETTLED for state in states),
        has_labels=booking.state in TRAVELLING and bool(shown),
        may_describe=booking.applicant_id == person.id and booking.state in TRAVELLING,
    )


def _sample_shown(
    booking: Booking, person: Person, sample: Sample, track: SampleTrack | None
) -> SampleShown:
    state = _state(track)
    word, tone = SAMPLE_STATES[state]
    steps = [
        (str(step), str(STEPS[step]), WAYS[state, step].by_mail)
        for step in steps_open_to(person, booking, state)
    ]
    return SampleShown(sample, track, str(word), tone, steps)


def _state(track: SampleTrack | None) -> SampleState:
    return SampleState(track.state) if track else SampleState.ANNOUNCED
