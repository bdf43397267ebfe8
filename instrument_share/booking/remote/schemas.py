"""What operators type about a connection."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, post_load, validate

from ...foundation.http.schema import FormSchema, Text, one_sentence
from .services import ConnectionPlan

_MINUTES = lazy_gettext("Write a number of minutes from 0 to 1440.")
_ON_DUTY = lazy_gettext("Choose who is on duty.")


class ConnectionForm(FormSchema):
    operator_id = fields.Integer(required=True, error_messages=one_sentence(_ON_DUTY))
    opens_minutes = fields.Integer(
        required=True,
        validate=validate.Range(0, 1440, error=_MINUTES),
        error_messages=one_sentence(_MINUTES),
    )
    address = Text(required=True, most=500)
    instructions = Text(load_default="", most=4000, lines=True)

    @post_load
    def _plan(self, data: dict[str, Any], **_: Any) -> ConnectionPlan:
        return ConnectionPlan(**data)
