"""What people type about repeating, as a recurrence rule; and what the buttons of a series send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from marshmallow import fields, validate

from ...foundation.clock import zone
from ...foundation.errors import InvalidInput
from ...foundation.http.schema import Day, FormSchema, Text, WholeNumber, load
from ...foundation.localtime import boundary_of
from ..forms import WordsForm, request_of
from ..slot_form import Clock
from .planning import OnConflict
from .rules import WEEKDAYS
from .values import Extent, Reach, SeriesRequest

_CHOOSE = lazy_gettext("Choose one.")


class RepeatForm(FormSchema):
    """The part of the request's form that says how often."""

    repeat = fields.String(
        required=True,
        validate=validate.OneOf(["daily", "weekly", "monthly", "monthly_weekday"], error=_CHOOSE),
    )
    every = WholeNumber(
        load_default=1,
        validate=validate.Range(1, 99, error=lazy_gettext("Write a number from 1 to 99.")),
    )
    times = WholeNumber(
        load_default=None,
        validate=validate.Range(1, 200, error=lazy_gettext("Write a number from 1 to 200.")),
    )
    until = Day(load_default=None)
    on_conflict = fields.String(
        load_default=OnConflict.STOP.value, validate=validate.OneOf(list(OnConflict), error=_CHOOSE)
    )


class SeriesActionForm(WordsForm):
    """What the page of a series' action sends."""

    scope = fields.String(
        load_default=Extent.ALL.value, validate=validate.OneOf(list(Extent), error=_CHOOSE)
    )
    origin = Text(data_key="from", load_default="", most=40)
    on_conflict = fields.String(
        load_default=OnConflict.STOP.value,
        validate=validate.OneOf([OnConflict.STOP.value, OnConflict.SKIP.value], error=_CHOOSE),
    )


def series_request_of(
    form: Mapping[str, str], instrument: str, clock_zones: Mapping[Clock, str]
) -> SeriesRequest:
    """What was asked for. Raises InvalidInput with a sentence for every field that needs attention."""
    wrong: dict[str, Any] = {}
    first, repeat = None, None
    try:
        first = request_of(form, instrument, clock_zones)
    except InvalidInput as error:
        wrong |= error.fields
    try:
        repeat = _repeat_of(form)
    except InvalidInput as error:
        wrong |= error.fields
    if first is None or repeat is None or wrong:
        raise InvalidInput(fields=wrong)
    there = zone(clock_zones["instrument"])
    rrule = rule_text(repeat, weekdays_in(form), first.starts_at.astimezone(there).date(), there)
    return SeriesRequest(first, rrule, OnConflict(repeat["on_conflict"]))


def rule_text(repeat: Mapping[str, Any], weekdays: list[str], first: date, there: ZoneInfo) -> str:
    """The recurrence rule that the form's fields mean, for a series that begins on the day `first`."""
    parts = _RHYTHMS[repeat["repeat"]](weekdays, first)
    if repeat["every"] > 1:
        parts += f";INTERVAL={repeat['every']}"
    if repeat["until"]:
        last = boundary_of(repeat["until"], time(23, 59, 59), there).astimezone(UTC)
        return f"{parts};UNTIL={last:%Y%m%dT%H%M%SZ}"
    return f"{parts};COUNT={repeat['times']}"


def weekdays_in(form: Mapping[str, str]) -> list[str]:
    """The weekdays that are ticked, as RFC 5545 writes them."""
    return [day for day in WEEKDAYS if form.get(f"weekday-{day}")]


def reach_of(said: Mapping[str, Any]) -> Reach:
    return Reach(Extent(said["scope"]), said["origin"])


def _weekly(weekdays: list[str], first: date) -> str:
    return f"FREQ=WEEKLY;BYDAY={','.join(weekdays)}" if weekdays else "FREQ=WEEKLY"


def _monthly_weekday(_: list[str], first: date) -> str:
    """The fifth one of a month is meant as its last."""
    which = (first.day - 1) // 7 + 1
    return f"FREQ=MONTHLY;BYDAY={-1 if which == 5 else which}{WEEKDAYS[first.weekday()]}"


_RHYTHMS = {
    "daily": lambda weekdays, first: "FREQ=DAILY",
    "weekly": _weekly,
    "monthly": lambda weekdays, first: "FREQ=MONTHLY",
    "monthly_weekday": _monthly_weekday,
}


def _repeat_of(form: Mapping[str, str]) -> Mapping[str, Any]:
    filled = {name: value for name, value in form.items() if value.strip()}
    said: Mapping[str, Any] = load(RepeatForm(), filled)
    if said["times"] is None and said["until"] is None:
        raise InvalidInput(
            fields={"times": gettext("Say how many times, or give the last day below.")}
        )
    if said["times"] is not None and said["until"] is not None:
        raise InvalidInput(
            fields={"until": gettext("Give either how many times, or the last day, not both.")}
        )
    return said
