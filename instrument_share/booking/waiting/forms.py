"""What people type into the waiting list's forms, as typed values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, validate

from ...catalogue.models import Instrument
from ...catalogue.rules import AccessMode
from ...foundation.clock import zone
from ...foundation.errors import InvalidInput
from ...foundation.http.schema import Day, FormSchema, Text, WallTime, WholeNumber, load
from ...foundation.interval import Interval
from ...foundation.localtime import midnight_of
from ..availability.opening import DAYS
from ..forms import Prefill
from ..slot_form import Clock, slot_of
from ..wall_time import filled_in
from .values import JoinRequest, WatchRequest

#: Which form field a service's complaint about a field belongs to.
_FORM_FIELDS = {"since": "first_day", "from": "first_day", "until": "last_day", "time_zone": "zone"}


class _JoinForm(FormSchema):
    first_day = Day(required=True)
    last_day = Day(required=True)
    minutes = WholeNumber(
        required=True,
        validate=validate.Range(1, 527_040, error=lazy_gettext("Write a number of minutes.")),
    )
    not_before = WallTime(load_default=None)
    not_after = WallTime(load_default=None)
    zone = fields.String(
        load_default="instrument",
        validate=validate.OneOf(["instrument", "reader"], error=lazy_gettext("Choose a clock.")),
    )
    weekdays = fields.List(fields.String(validate=validate.OneOf(DAYS)), load_default=list)
    access_mode = fields.String(
        required=True,
        validate=validate.OneOf(list(AccessMode), error=lazy_gettext("Choose an access mode.")),
        error_messages={"required": lazy_gettext("Choose an access mode.")},
    )
    purpose = Text(required=True, most=4000, lines=True)
    project = Text(load_default="")
    agreement = Text(load_default="")
    whole = fields.Boolean(load_default=False)


class _WatchForm(FormSchema):
    days = WholeNumber(
        load_default=30,
        validate=validate.Range(1, 366, error=lazy_gettext("Write a number of days.")),
    )
    minutes = WholeNumber(
        load_default=None,
        validate=validate.Range(1, 527_040, error=lazy_gettext("Write a number of minutes.")),
    )


def join_request_of(
    form: Mapping[str, str],
    weekdays: Sequence[str],
    instrument: str,
    clock_zones: Mapping[Clock, str],
) -> JoinRequest:
    """What is waited for: whole days on the chosen clock. Raises InvalidInput by the form's fields."""
    values = load(_JoinForm(), {**_filled(form), "weekdays": list(weekdays)})
    if values["last_day"] < values["first_day"]:
        raise InvalidInput(
            fields={"last_day": lazy_gettext("Choose a last day that is not before the first.")}
        )
    zone_name = clock_zones[values["zone"]]
    return JoinRequest(
        instrument=instrument,
        access_mode=values["access_mode"],
        purpose=values["purpose"],
        since=midnight_of(values["first_day"], zone(zone_name)),
        until=midnight_of(values["last_day"] + timedelta(days=1), zone(zone_name)),
        minutes=values["minutes"],
        time_zone=zone_name,
        not_before=values["not_before"],
        not_after=values["not_after"],
        weekdays=frozenset(values["weekdays"]),
        project=values["project"] or None,
        agreement=values["agreement"] or None,
        whole=values["whole"],
    )


def watch_request_of(form: Mapping[str, str], instrument: str) -> WatchRequest:
    """What somebody wants to be told of. Raises InvalidInput."""
    return WatchRequest(instrument=instrument, **load(_WatchForm(), _filled(form)))


def form_fields(errors: Mapping[str, object]) -> dict[str, str]:
    """The sentences of an error by the name of the form's field that each belongs to."""
    return {_FORM_FIELDS.get(name, name): str(text) for name, text in errors.items()}


def suggested(arguments: Mapping[str, str], instrument: Instrument) -> dict[str, str]:
    """The form for the time that a link names, on the instrument's clock; a senseless link fills in nothing."""
    try:
        asked = load(Prefill(), arguments)
    except InvalidInput:
        return {}
    start = asked["start"] or asked["begins"]
    if start is None:
        return {}
    length = timedelta(minutes=asked["minutes"] or instrument.shortest_minutes)
    return _for_slot(start, asked["until"] or start + length, instrument)


def begun_from(
    request_form: Mapping[str, str], instrument: Instrument, clock_zones: Mapping[Clock, str]
) -> dict[str, str]:
    """The form for the time that a refused request asked for, and everything else that it said."""
    kept = {
        name: request_form[name]
        for name in ("access_mode", "purpose", "project", "agreement")
        if name in request_form
    }
    try:
        start, end = slot_of(request_form, clock_zones)
    except InvalidInput:
        return kept
    return kept | (_for_slot(start, end, instrument) if start < end else {})


def _for_slot(start: datetime, end: datetime, instrument: Instrument) -> dict[str, str]:
    """The days and the hours of a slot; what lies over midnight can be at any hour of its days."""
    typed = filled_in(start, end, instrument.time_zone)
    minutes = min(Interval(start, end).minutes, instrument.longest_minutes) if start < end else 0
    filled = {
        "first_day": typed["day"],
        "last_day": typed["ends_on"] or typed["day"],
        "minutes": str(minutes or instrument.shortest_minutes),
    }
    if not typed["ends_on"]:
        filled |= {"not_before": typed["start"], "not_after": typed["end"]}
    return filled


def _filled(form: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if value.strip()}
