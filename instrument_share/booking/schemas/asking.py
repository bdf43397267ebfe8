"""What a booking is asked for with, and what is done to it: outside data becomes typed values here."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, post_load, validate

from ...catalogue.rules import AccessMode
from ...foundation.http.schema import BaseSchema, Instant, Text, WholeNumber, one_sentence
from ..rules import Seat
from ..samples.rules import OUTCOMES
from ..values import BookingRequest, FinishedUse, SampleEntry
from .seats import Seated, position_field, whole_field

_CHOOSE_MODE = lazy_gettext("Choose one of the access modes: on_site, remote, mail_in or data.")


class SampleSchema(BaseSchema):
    """A group of like samples."""

    name = Text(required=True, metadata={"example": "Al thin film, cross-section"})
    count = WholeNumber(
        load_default=1,
        strict=True,
        validate=validate.Range(1, 10_000, error=lazy_gettext("Write a number from 1 to 10,000.")),
    )
    hazard = Text(load_default="")
    afterwards = fields.String(
        load_default="return",
        validate=validate.OneOf(
            ("return", "destroy"), error=lazy_gettext("Choose return or destroy.")
        ),
    )

    @post_load
    def _entry(self, data: dict[str, Any], **_: Any) -> SampleEntry:
        return SampleEntry(**data)


class RequestSchema(Seated):
    """What a booking is asked for with; `submit` sends it at once, else it stays a draft."""

    instrument = Text(required=True, most=80, metadata={"description": "slug of the instrument"})
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    access_mode = fields.String(
        required=True,
        validate=validate.OneOf([mode.value for mode in AccessMode], error=_CHOOSE_MODE),
        error_messages=one_sentence(_CHOOSE_MODE),
    )
    purpose = Text(required=True, most=4000, lines=True)
    position = position_field(load_default=None)
    whole = whole_field(load_default=False)
    project = Text(load_default=None, allow_none=True, most=40)
    agreement = Text(load_default=None, allow_none=True, most=40)
    samples = fields.List(
        fields.Nested(SampleSchema),
        load_default=list,
        validate=validate.Length(max=50, error=lazy_gettext("List at most 50 groups of samples.")),
        error_messages={"invalid": lazy_gettext("Send a list of samples.")},
    )
    submit = fields.Boolean(
        load_default=True, truthy={True}, falsy={False},
        error_messages={"invalid": lazy_gettext("Send true or false.")},
    )  # fmt: skip

    @post_load
    def _request(self, data: dict[str, Any], **_: Any) -> tuple[BookingRequest, bool]:
        send = data.pop("submit")
        return BookingRequest(**data | {"samples": tuple(data["samples"])}), send


class CommentSchema(BaseSchema):
    """Why something is done; what the other side will read."""

    comment = Text(load_default="", most=2000, lines=True)


class RescheduleSchema(Seated):
    """The new time; without `position` and `whole` the booking asks for the same one as before."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    position = position_field()
    whole = whole_field()

    @post_load
    def _placed(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        chosen = {name: data.pop(name) for name in ("position", "whole") if name in data}
        return data | {"seat": Seat(**chosen) if chosen else None}


class SampleOutcomeSchema(BaseSchema):
    """What became of a sample that came by mail; `carrier` and `tracking` of what was sent back."""

    sample = fields.Integer(required=True, strict=True, metadata={"description": "its id"})
    became = fields.String(
        required=True,
        validate=validate.OneOf(list(map(str, OUTCOMES)), error=lazy_gettext("Choose one.")),
    )
    carrier = Text(load_default="", most=100)
    tracking = Text(load_default="", most=100)


class FinishSchema(BaseSchema):
    """What really happened; without times, from the noted start until now."""

    started_at = Instant(load_default=None, allow_none=True)
    ended_at = Instant(load_default=None, allow_none=True)
    operator_minutes = WholeNumber(
        load_default=0,
        strict=True,
        validate=validate.Range(
            0, 100_000, error=lazy_gettext("Write the minutes as a number from 0.")
        ),
    )
    samples = WholeNumber(
        load_default=0,
        strict=True,
        validate=validate.Range(
            0, 100_000, error=lazy_gettext("Write the number of samples, from 0.")
        ),
    )
    outcomes = fields.List(fields.Nested(SampleOutcomeSchema), load_default=list)
    note = Text(load_default="", most=2000, lines=True)
    comment = Text(load_default="", most=2000, lines=True)


def use_from(data: dict[str, Any], noted_start: Any, at: Any) -> FinishedUse:
    """The use that a finish tells of; times that were left out are the noted start and the present minute."""
    return FinishedUse(
        started_at=data["started_at"] or noted_start,
        ended_at=data["ended_at"] or at.replace(second=0),
        operator_minutes=data["operator_minutes"],
        samples=data["samples"],
        note=data["note"] or data["comment"],
    )
