"""What people type into booking's forms, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import EXCLUDE, fields, validate

from ..catalogue.rules import AccessMode
from ..foundation.http.paging import PageQuery
from ..foundation.http.schema import FormSchema, Instant, Text, WholeNumber, load
from .rules import State
from .sample_form import SampleForm, sample_rows
from .seat_form import SeatForm, seat_named
from .slot_form import Clock, SlotForm, filled, instants_of
from .values import BookingRequest, FinishedUse, SampleEntry


class RequestForm(SlotForm, SeatForm):
    """The whole request for instrument time."""

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

    operator_minutes = WholeNumber(
        load_default=0,
        validate=validate.Range(
            min=0, max=100_000, error=lazy_gettext("Write a number of minutes.")
        ),
    )
    samples = WholeNumber(
        load_default=0,
        validate=validate.Range(
            min=0, max=10_000, error=lazy_gettext("Write a number up to 10,000.")
        ),
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


class WordsForm(FormSchema):
    """A comment, and a saved reply to say after it."""

    comment = Text(load_default="", most=2000, lines=True)
    reply = _ReplyNumber(load_default=None)


class Prefill(FormSchema):
    """The time that a link to the form suggests: `start` with `minutes`, or `from` with `until`."""

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
    q = Text(load_default="", most=80)


def request_of(
    form: Mapping[str, str], instrument: str, clock_zones: Mapping[Clock, str]
) -> BookingRequest:
    """What was asked for. Raises InvalidInput with a sentence for every field that needs attention."""
    values = load(RequestForm(), {**filled(form), "samples": sample_rows(form)})
    starts_at, ends_at = instants_of(values, clock_zones)
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


def finished_use_of(form: Mapping[str, str], clock_zones: Mapping[Clock, str]) -> FinishedUse:
    """What the operator reports of a finished use. Raises InvalidInput."""
    values = load(FinishForm(), filled(form))
    started_at, ended_at = instants_of(values, clock_zones)
    return FinishedUse(
        started_at=started_at,
        ended_at=ended_at,
        operator_minutes=values["operator_minutes"],
        samples=values["samples"],
        note=values["note"],
    )
