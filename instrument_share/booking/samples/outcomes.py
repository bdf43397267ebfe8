"""What became of samples when the use is over: asked with its end, and never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext, lazy_gettext

from ...catalogue.rules import AccessMode
from ...foundation.errors import InvalidInput, Refusal
from ...foundation.http.schema import load
from ...identity.models import Person
from ..models import Booking, Sample
from .labels import OUTCOMES, SAMPLE_STATES
from .queries import tracks_of
from .rules import SampleState, outcomes_of
from .schemas import OutcomeForm
from .services import bring_to
from .values import Parcel


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sample, with its parcel where it was sent back."""

    became: SampleState
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Question:
    """A sample whose way is not over. `unanswered` tells what it stays without an answer."""

    sample: Sample
    unanswered: str
    choices: list[tuple[str, str]]
    by_mail: bool  # it can be sent back


class NoSuchSample(Refusal):
    code = "no_such_sample"
    status = 422
    message = lazy_gettext("The booking has no such sample, or nothing is left to say of it.")


def questions_of(booking: Booking) -> list[Question]:
    """What the end of the use asks of each sample that came by mail."""
    if booking.access_mode != AccessMode.MAIL_IN or not booking.samples:
        return []
    states = _states_of(booking)
    asked = [_question(each, states[each.id]) for each in booking.samples]
    return [question for question in asked if question.choices]


def outcomes_from(form: Mapping[str, str], booking: Booking) -> dict[int, Outcome]:
    """What the form says, by the id of the sample; of whom it says nothing is not there. Raises InvalidInput."""
    found = {}
    wrong: dict[str, object] = {}
    for question in questions_of(booking):
        key = question.sample.id
        try:
            said = load(OutcomeForm(), _fields_of(form, key))
        except InvalidInput as error:
            wrong |= {f"{name}_{key}": text for name, text in error.fields.items()}
            continue
        if said["became"]:
            found[key] = outcome_of(said)
    if wrong:
        raise InvalidInput(fields=wrong)
    return found


def outcome_of(said: Mapping[str, str]) -> Outcome:
    """A parcel belongs to what is sent back alone."""
    became = SampleState(said["became"])
    is_sent = became is SampleState.RETURNED
    return Outcome(became, Parcel(said["carrier"], said["tracking"]) if is_sent else Parcel())


def unsaid_in(form: Mapping[str, str], booking: Booking) -> int:
    """Of how many samples the form leaves open what became of them."""
    return sum(not form.get(f"became_{each.sample.id}") for each in questions_of(booking))


def note_outcomes(
    booking: Booking, outcomes: Mapping[int, Outcome], *, by: Person, at: datetime
) -> None:
    """Bring each sample to what became of it; its owner is told once for each. Others stay as they were.

    Raises NoSuchSample, and InvalidInput for a parcel without tracking number.
    """
    if not outcomes:
        return
    open_to = {question.sample.id: question.choices for question in questions_of(booking)}
    for key, outcome in outcomes.items():
        if outcome.became not in dict(open_to.get(key, ())):
            raise NoSuchSample()
        bring_to(booking, key, outcome.became, outcome.parcel, by=by, at=at)


def _states_of(booking: Booking) -> dict[int, SampleState]:
    tracks = tracks_of(booking)
    return {
        each.id: SampleState(tracks[each.id].state) if each.id in tracks else SampleState.ANNOUNCED
        for each in booking.samples
    }


def _question(sample: Sample, state: SampleState) -> Question:
    word, _ = SAMPLE_STATES[state]
    choices = [(str(each), str(OUTCOMES[each])) for each in outcomes_of(state)]
    stays = gettext("Not said: it stays “%(state)s”", state=str(word))
    return Question(sample, stays, choices, SampleState.RETURNED in outcomes_of(state))


def _fields_of(form: Mapping[str, str], key: int) -> dict[str, str]:
    return {name: form.get(f"{name}_{key}", "") for name in ("became", "carrier", "tracking")}
