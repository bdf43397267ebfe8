"""What is sent about samples by mail."""

from __future__ import annotations

from flask_babel import lazy_gettext
from marshmallow import EXCLUDE, fields, validate

from ...foundation.http.schema import BaseSchema, Text
from .rules import OUTCOMES


class _Form(BaseSchema):
    class Meta:
        unknown = EXCLUDE


class DescribeForm(_Form):
    kind = Text(load_default="")
    preservation = Text(load_default="")


class ParcelForm(_Form):
    carrier = Text(load_default="", most=100)
    tracking = Text(load_default="", most=100)
    note = Text(load_default="", most=500)


class OutcomeForm(_Form):
    """What became of one sample; empty where nothing is said."""

    became = fields.String(
        load_default="",
        validate=validate.OneOf(["", *OUTCOMES], error=lazy_gettext("Choose one.")),
    )
    carrier = Text(load_default="", most=100)
    tracking = Text(load_default="", most=100)
