"""What is sent about samples by mail."""

from __future__ import annotations

from marshmallow import EXCLUDE

from ...foundation.http.schema import BaseSchema, Text


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
