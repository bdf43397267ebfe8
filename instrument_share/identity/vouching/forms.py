"""What the pages of vouching take."""

from __future__ import annotations

from marshmallow import fields

from ...foundation.http.schema import FormSchema, Text


class ReasonForm(FormSchema):
    reason = Text(required=True, most=500, lines=True)


class ListForm(FormSchema):
    """A list that was read before, as it went through the page."""

    text = fields.String(load_default="")
    institution = fields.String(load_default="")
