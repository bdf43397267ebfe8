"""The place on an instrument, as every question about time may name it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from marshmallow import ValidationError, fields, validate, validates_schema

from ...foundation.http.schema import BaseSchema

CHOOSE_POSITION = lazy_gettext("Choose a position by its number, from 1, or null for any.")


def position_field(**more: Any) -> fields.Integer:
    return fields.Integer(
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 50, error=CHOOSE_POSITION),
        error_messages={"invalid": CHOOSE_POSITION},
        metadata={"description": "which of the instrument's positions; null: any"},
        **more,
    )


def whole_field(**more: Any) -> fields.Boolean:
    return fields.Boolean(
        truthy={True},
        falsy={False},
        error_messages={"invalid": lazy_gettext("Send true or false.")},
        metadata={"description": "every position of the instrument at once"},
        **more,
    )


class Seated(BaseSchema):
    """One position and all of them cannot both be meant."""

    @validates_schema
    def _check_seat(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("whole") and data.get("position") is not None:
            raise ValidationError(
                gettext("Choose one position or the whole instrument, not both."), "position"
            )
