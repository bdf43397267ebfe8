"""What is sent about samples by mail."""

from __future__ import annotations

from flask_babel import lazy_gettext
from marshmallow import fields, validate

from ...foundation.http.schema import BaseSchema, FormSchema, Instant, Text
from .rules import OUTCOMES, Step


class DescribeForm(FormSchema):
    kind = Text(load_default="")
    preservation = Text(load_default="")


class ParcelForm(FormSchema):
    carrier = Text(load_default="", most=100)
    tracking = Text(load_default="", most=100)
    note = Text(load_default="", most=500)


class OutcomeForm(FormSchema):
    """What became of one sample; empty where nothing is said."""

    became = fields.String(
        load_default="",
        validate=validate.OneOf(["", *OUTCOMES], error=lazy_gettext("Choose one.")),
    )
    carrier = Text(load_default="", most=100)
    tracking = Text(load_default="", most=100)


class SampleStepSchema(BaseSchema):
    """A step of a sample's way; `carrier` and `tracking` where it goes by mail."""

    step = fields.Enum(Step, by_value=True, required=True)
    carrier = Text(load_default="", most=100)
    tracking = Text(load_default="", most=100)
    note = Text(load_default="", most=500)


class TrackedSampleSchema(BaseSchema):
    """A sample by mail and where it is; `steps` are those that the caller can take now."""

    id = fields.Integer()
    name = fields.String()
    count = fields.Integer()
    hazard = fields.String()
    afterwards = fields.String(metadata={"description": "return or destroy, as was asked for"})
    kind = fields.String()
    preservation = fields.String()
    state = fields.String()
    steps = fields.List(fields.String())


class SampleList(BaseSchema):
    items = fields.List(fields.Nested(TrackedSampleSchema))
    total = fields.Integer()


class EventSchema(BaseSchema):
    """A step that was taken with a sample."""

    step = fields.String()
    at = Instant()
    by = fields.String()
    carrier = fields.String()
    tracking = fields.String()
    note = fields.String()


class EventList(BaseSchema):
    items = fields.List(fields.Nested(EventSchema))
    total = fields.Integer()
