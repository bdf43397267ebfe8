"""Eligibility on the wire."""

from __future__ import annotations

from flask_babel import lazy_gettext
from marshmallow import fields, validate

from ..catalogue.rules import AccessMode
from ..foundation.http.schema import BaseSchema


class EligibilityQuery(BaseSchema):
    """`mode` asks for one access mode; without it the conditions are those of every mode."""

    mode = fields.String(
        load_default=None,
        validate=validate.OneOf(
            list(AccessMode), error=lazy_gettext("Choose on_site, remote, mail_in or data.")
        ),
    )


class ConditionSchema(BaseSchema):
    """One condition: a sentence, and where something can be done about it."""

    code = fields.String(required=True)
    met = fields.Boolean(required=True)
    message = fields.String(required=True)
    action_url = fields.String(required=True, allow_none=True)
    action_label = fields.String(required=True, allow_none=True)


class EligibilitySchema(BaseSchema):
    eligible = fields.Boolean(required=True)
    conditions = fields.List(fields.Nested(ConditionSchema), required=True)
