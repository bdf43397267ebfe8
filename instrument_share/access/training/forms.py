"""What people type into the forms of training, as typed values; times are wall times of the facility."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from marshmallow import fields, validate

from ...catalogue.models import Instrument
from ...foundation.clock import zone
from ...foundation.errors import InvalidInput
from ...foundation.http.conditional import number_in
from ...foundation.http.schema import (
    Day,
    FormSchema,
    Text,
    WallTime,
    WholeNumber,
    load,
    one_sentence,
)
from ...foundation.interval import Interval
from ...foundation.localtime import AmbiguousTime, NonexistentTime, instant_of
from ..rules import Level
from ..screening.rules import ScreeningClass
from .models import TrainingSession
from .rules import RESULTS, PlaceState
from .values import SessionDraft

_LEVEL = lazy_gettext("Choose a level.")


class TimesForm(FormSchema):
    """When a training takes place, on the facility's clock."""

    day = Day(required=True)
    start = WallTime(required=True)
    end = WallTime(required=True)


class SessionForm(TimesForm):
    """A training to be offered. `subject` is the slug of an instrument, or `facility:` and that of a facility."""

    subject = Text(required=True)
    level = fields.String(
        required=True,
        validate=validate.OneOf([Level.SUPERVISED, Level.INDEPENDENT], error=_LEVEL),
        error_messages={"required": _LEVEL},
    )
    trainer = fields.Integer(
        required=True,
        error_messages=one_sentence(lazy_gettext("Choose a trainer.")),
    )
    places = WholeNumber(
        required=True,
        validate=validate.Range(1, 500, error=lazy_gettext("Write a number from 1 to 500.")),
    )
    language = Text(required=True, most=20)
    venue = Text(load_default="", most=300)
    remote_url = Text(
        load_default="",
        most=500,
        validate=validate.Regexp(
            r"^(https?://\S+)?$", error=lazy_gettext("Write an address that begins with https://.")
        ),
    )
    about = Text(load_default="", most=4000, lines=True)
    takes_time = fields.Boolean(load_default=False)


class ReasonForm(FormSchema):
    """Why something is taken back."""

    reason = Text(load_default="", most=2000, lines=True)


class DemandsForm(FormSchema):
    """What an instrument asks of its users."""

    level = fields.String(required=True, validate=validate.OneOf(list(Level), error=_LEVEL))
    validity_months = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 240, error=lazy_gettext("Write a number from 1 to 240.")),
    )
    first_use = fields.Boolean(load_default=False)
    screening_class = fields.String(
        load_default="none",
        validate=validate.OneOf(
            list(ScreeningClass), error=lazy_gettext("Choose one of the list.")
        ),
    )


class GrantForm(FormSchema):
    """Somebody who was trained elsewhere, by mail address."""

    email = Text(required=True, most=254)
    level = fields.String(
        required=True,
        validate=validate.OneOf([Level.SUPERVISED, Level.INDEPENDENT], error=_LEVEL),
    )
    valid_until = Day(load_default=None, allow_none=True)


def typed(form: Mapping[str, str]) -> dict[str, str]:
    """A form without its empty fields, which count as not filled in."""
    return {name: text for name, text in form.items() if text.strip()}


def draft_from(form: Mapping[str, str], choices: Mapping[str, Instrument]) -> SessionDraft:
    """The session as typed; `choices` are the instruments that may be chosen, by slug. Raises InvalidInput."""
    data = load(SessionForm(), typed(form))
    wanted, _, slug = data["subject"].rpartition(":")
    instrument = (
        next((each for each in choices.values() if each.facility.slug == slug), None)
        if wanted
        else choices.get(slug)
    )
    if instrument is None:
        raise InvalidInput(fields={"subject": gettext("Choose one of the list.")})
    facility = instrument.facility
    return SessionDraft(
        facility=facility.slug,
        instrument=None if wanted else slug,
        level=Level(data["level"]),
        slot=_slot(data, facility.time_zone),
        places=data["places"],
        language=data["language"],
        trainer_id=data["trainer"],
        venue=data["venue"],
        remote_url=data["remote_url"],
        about=data["about"],
        takes_time=data["takes_time"],
    )


def slot_from(form: Mapping[str, str], time_zone: str) -> Interval:
    """The time as typed. Raises InvalidInput."""
    return _slot(load(TimesForm(), typed(form)), time_zone)


def times_of(session: TrainingSession) -> dict[str, str]:
    """What the form shows of a session's time."""
    local = zone(session.time_zone)
    start, end = session.starts_at.astimezone(local), session.ends_at.astimezone(local)
    return {"day": start.date().isoformat(), "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}


def results_from(form: Mapping[str, str]) -> dict[int, PlaceState]:
    """What was ticked for each person: fields `result-<id>`."""
    ticked = {
        number_in(name.removeprefix("result-")): text
        for name, text in form.items()
        if name.startswith("result-") and text in list(RESULTS)
    }
    return {key: PlaceState(text) for key, text in ticked.items() if key is not None}


def _slot(data: dict[str, Any], time_zone: str) -> Interval:
    start, end = (_instant(data, edge, time_zone) for edge in ("start", "end"))
    if start >= end:
        raise InvalidInput(fields={"end": gettext("The end must lie after the start.")})
    return Interval(start, end)


def _instant(data: dict[str, Any], edge: str, time_zone: str) -> datetime:
    local = datetime.combine(data["day"], data[edge])
    try:
        return instant_of(local, zone(time_zone))
    except (NonexistentTime, AmbiguousTime):
        sentence = gettext("The clocks change at this time there. Choose another one.")
        raise InvalidInput(fields={edge: sentence}) from None
