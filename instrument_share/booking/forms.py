"""What people type into booking's forms, as typed values: wall times on a clock of their choice become instants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Literal

from flask_babel import lazy_gettext
from marshmallow import EXCLUDE, fields, validate

from ..catalogue.rules import AccessMode
from ..foundation.errors import InvalidInput
from ..foundation.http.paging import PageQuery
from ..foundation.http.schema import BaseSchema, Day, Instant, Text, load
from ..foundation.localtime import AmbiguousTime, NonexistentTime
from . import wall_time
from .rules import State
from .seat_form import SeatForm, seat_named
from .values import BookingRequest, FinishedUse, SampleEntry

#: Which form field a service's complaint about a field belongs to.
_FORM_FIELDS = {"starts_at": "start", "ends_at": "end", "started_at": "start", "ended_at": "end"}
_SAMPLE_FIELD = re.compile(r"samples-(\d{1,3})-(name|count|hazard|afterwards)")

Clock = Literal["instrument", "reader"]


class WallTime(fields.Field[time]):
    """A time of day as the browser's control sends it, `09:00`."""

    default_error_messages = {
        "required": lazy_gettext("Give a time."),
        "null": lazy_gettext("Give a time."),
        "invalid": lazy_gettext("Write the time in hours and minutes, as in 09:30."),
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> time:
        try:
            parsed = time.fromisoformat(str(value).strip())
        except ValueError:
            raise self.make_error("invalid") from None
        if parsed.tzinfo is not None:
            raise self.make_error("invalid")
        return parsed.replace(second=0, microsecond=0)


class SlotForm(BaseSchema):
    """A stretch of time as wall times; without `ends_on` it ends on the day on which it begins."""

    class Meta:
        unknown = EXCLUDE  # the CSRF token and the button that was pressed

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


class SampleForm(BaseSchema):
    """One row of samples."""

    name = Text(required=True)
    count = fields.Integer(
        load_default=1,
        validate=validate.Range(
            min=1, max=10_000, error=lazy_gettext("Write a number from 1 to 10,000.")
        ),
        error_messages={"invalid": lazy_gettext("Write a whole number.")},
    )
    hazard = Text(load_default="")
    afterwards = fields.String(
        load_default="return",
        validate=validate.OneOf(["return", "destroy"], error=lazy_gettext("Choose one.")),
    )


class RequestForm(SlotForm, SeatForm):
    """The whole request for instrument time."""

    class Meta:
        unknown = EXCLUDE

    access_mode = fields.String(
        required=True,
        validate=validate.OneOf(list(AccessMode), error=lazy_gettext("Choose an access mode.")),
        error_messages={"required": lazy_gettext("Choose an access mode.")},
    )
    purpose = Text(required=True, most=4000, lines=True)
    project = Text(load_default="")
    agreement = Text(load_default="")
    samples = fields.List(fields.Nested(SampleForm), load_default=list)


class FinishForm(SlotForm):
    """What really happened: when, and what is charged beside the time."""

    operator_minutes = fields.Integer(
        load_default=0,
        validate=validate.Range(
            min=0, max=100_000, error=lazy_gettext("Write a number of minutes.")
        ),
        error_messages={"invalid": lazy_gettext("Write a whole number.")},
    )
    samples = fields.Integer(
        load_default=0,
        validate=validate.Range(
            min=0, max=10_000, error=lazy_gettext("Write a number up to 10,000.")
        ),
        error_messages={"invalid": lazy_gettext("Write a whole number.")},
    )
    note = Text(load_default="", most=2000, lines=True)


class _ReplyNumber(fields.Integer):
    """The number of a saved reply, as far as the databases count, or nothing."""

    default_error_messages = {"invalid": lazy_gettext("There is no such choice.")}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        number = super()._deserialize(value, attr, data, **more) if value else None
        if number is not None and not 0 < number < 2**63:
            raise self.make_error("invalid")
        return number


class WordsForm(BaseSchema):
    """A comment, and a saved reply to say after it."""

    class Meta:
        unknown = EXCLUDE

    comment = Text(load_default="", most=2000, lines=True)
    reply = _ReplyNumber(load_default=None)


class Prefill(BaseSchema):
    """The time that a link to the form suggests: `start` with `minutes`, or `from` with `until`."""

    class Meta:
        unknown = EXCLUDE

    start = Instant(load_default=None)
    minutes = fields.Integer(load_default=None, validate=validate.Range(min=1, max=527_040))
    begins = Instant(data_key="from", load_default=None)
    until = Instant(load_default=None)


class ListQuery(PageQuery):
    """Which bookings a list shows."""

    class Meta:
        unknown = EXCLUDE

    state = fields.String(load_default="", validate=validate.OneOf(["", *State]))
    instrument = Text(load_default="", most=80)


def request_of(
    form: Mapping[str, str], instrument: str, clock_zones: Mapping[Clock, str]
) -> BookingRequest:
    """What was asked for. Raises InvalidInput with a sentence for every field that needs attention."""
    values = load(RequestForm(), nested(form))
    starts_at, ends_at = _instants_of(values, clock_zones)
    seat = seat_named(values["position"])
    return BookingRequest(
        instrument=instrument,
        starts_at=starts_at,
        ends_at=ends_at,
        access_mode=values["access_mode"],
        purpose=values["purpose"],
        project=values["project"] or None,
        agreement=values["agreement"] or None,
        samples=tuple(SampleEntry(**row) for row in values["samples"]),
        position=seat.position,
        whole=seat.whole,
    )


def slot_of(form: Mapping[str, str], clock_zones: Mapping[Clock, str]) -> tuple[datetime, datetime]:
    """Start and end as UTC instants, in whatever order they were typed. Raises InvalidInput."""
    return _instants_of(load(SlotForm(), _filled(form)), clock_zones)


def finished_use_of(form: Mapping[str, str], clock_zones: Mapping[Clock, str]) -> FinishedUse:
    """What the operator reports of a finished use. Raises InvalidInput."""
    values = load(FinishForm(), _filled(form))
    started_at, ended_at = _instants_of(values, clock_zones)
    return FinishedUse(
        started_at=started_at,
        ended_at=ended_at,
        operator_minutes=values["operator_minutes"],
        samples=values["samples"],
        note=values["note"],
    )


def nested(form: Mapping[str, str]) -> dict[str, Any]:
    """The flat fields of the form with its samples as a list of rows; rows left empty are dropped."""
    return {**_filled(form), "samples": sample_rows(form)}


def sample_rows(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of samples in which something was typed, in their order."""
    rows: dict[int, dict[str, str]] = {}
    for name, value in form.items():
        found = _SAMPLE_FIELD.fullmatch(name)
        if found and value.strip():
            rows.setdefault(int(found[1]), {})[found[2]] = value
    return [row for _, row in sorted(rows.items()) if row.keys() - {"count", "afterwards"}]


def form_errors(error_fields: Mapping[str, object]) -> dict[str, str]:
    """The sentences of an error by the name of the form's field that each belongs to."""
    return {
        _FORM_FIELDS.get(name, name).replace(".", "-"): str(text)
        for name, text in error_fields.items()
    }


def fold_choices(form: Mapping[str, str], zone_name: str) -> dict[str, list[tuple[str, str]]]:
    """For `start` and `end` where the clock shows the typed time twice: which of the two is meant."""
    try:
        values = load(SlotForm(only=("day", "start", "ends_on", "end")), _filled(form))
    except InvalidInput:
        return {}
    choices = {edge: wall_time.choices_of(wall, zone_name) for edge, wall in _walls(values).items()}
    return {edge: offered for edge, offered in choices.items() if offered}


def _filled(form: Mapping[str, str]) -> dict[str, str]:
    """Without what was left empty: an empty control means "not given"."""
    return {
        name: value
        for name, value in form.items()
        if value.strip() and not _SAMPLE_FIELD.fullmatch(name)
    }


def _instants_of(
    values: Mapping[str, Any], clock_zones: Mapping[Clock, str]
) -> tuple[datetime, datetime]:
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
