"""A stretch of time as people type it: wall times on a clock of their choice become instants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from flask_babel import lazy_gettext
from marshmallow import fields, validate

from ..foundation.errors import InvalidInput
from ..foundation.http.schema import Day, FormSchema, WallTime, load
from ..foundation.localtime import AmbiguousTime, NonexistentTime
from . import wall_time

#: Which form field a service's complaint about a field belongs to.
_FORM_FIELDS = {"starts_at": "start", "ends_at": "end", "started_at": "start", "ended_at": "end"}

Clock = Literal["instrument", "reader"]


class SlotForm(FormSchema):
    """A stretch of time as wall times; without `ends_on` it ends on the day on which it begins."""

    day = Day(required=True)
    start = WallTime(required=True)
    ends_on = Day(load_default=None)
    end = WallTime(required=True)
    zone = fields.String(
        load_default="instrument",
        validate=validate.OneOf(["instrument", "reader"], error=lazy_gettext("Choose a clock.")),
    )
    start_fold = fields.String(load_default="", validate=validate.OneOf(["", "first", "second"]))
    end_fold = fields.String(load_default="", validate=validate.OneOf(["", "first", "second"]))


def slot_of(form: Mapping[str, str], clock_zones: Mapping[Clock, str]) -> tuple[datetime, datetime]:
    """Start and end as UTC instants, in whatever order they were typed. Raises InvalidInput."""
    return instants_of(load(SlotForm(), filled(form)), clock_zones)


def instants_of(
    values: Mapping[str, Any], clock_zones: Mapping[Clock, str]
) -> tuple[datetime, datetime]:
    """Start and end of a loaded SlotForm as UTC instants. Raises InvalidInput where the clock does not tell which."""
    zone_name = clock_zones[values["zone"]]
    found: dict[str, datetime] = {}
    wrong: dict[str, str] = {}
    for edge, wall in _walls(values).items():
        try:
            found[edge] = wall_time.instant(wall, zone_name, values[f"{edge}_fold"])
        except (NonexistentTime, AmbiguousTime) as error:
            wrong[edge] = str(wall_time.ADVICE[type(error)])
    if wrong:
        raise InvalidInput(fields=wrong)
    return found["start"], found["end"]


def _walls(values: Mapping[str, Any]) -> dict[str, datetime]:
    first: date = values["day"]
    last: date = values.get("ends_on") or first
    return {
        "start": datetime.combine(first, values["start"]),
        "end": datetime.combine(last, values["end"]),
    }


def fold_choices(form: Mapping[str, str], zone_name: str) -> dict[str, list[tuple[str, str]]]:
    """For `start` and `end` where the clock shows the typed time twice: which of the two is meant."""
    try:
        values = load(SlotForm(only=("day", "start", "ends_on", "end")), filled(form))
    except InvalidInput:
        return {}
    choices = {edge: wall_time.choices_of(wall, zone_name) for edge, wall in _walls(values).items()}
    return {edge: offered for edge, offered in choices.items() if offered}


def form_errors(error_fields: Mapping[str, object]) -> dict[str, str]:
    """The sentences of an error by the name of the form's field that each belongs to."""
    return {
        _FORM_FIELDS.get(name, name).replace(".", "-"): str(text)
        for name, text in error_fields.items()
    }


def filled(form: Mapping[str, str]) -> dict[str, str]:
    """Without what was left empty: an empty control means "not given"."""
    return {name: value for name, value in form.items() if value.strip()}
