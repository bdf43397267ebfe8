"""Letters from outside and on the wire."""

from __future__ import annotations

from marshmallow import fields, validate

from ...foundation.http.schema import BaseSchema, FormSchema, Instant, Text
from .rules import LANGUAGES


class RevokeForm(FormSchema):
    """Why a letter is taken back; the applicant reads it."""

    reason = Text(required=True, most=500, lines=True)


class AskSchema(BaseSchema):
    """In which languages a letter is wanted."""

    languages = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


class LetterSchema(BaseSchema):
    """A letter of a booking."""

    number = fields.String()
    languages = fields.String()
    standing = fields.String(metadata={"description": "valid, superseded or revoked"})
    issued_at = Instant()
    digest = fields.String(metadata={"description": "SHA-256 of what it states"})
    url = fields.String(metadata={"description": "its PDF"})


class LetterList(BaseSchema):
    items = fields.List(fields.Nested(LetterSchema))
    total = fields.Integer()


class CodeQuery(BaseSchema):
    """The code of a letter, in any grouping."""

    code = Text(required=True)


class VerifiedSchema(BaseSchema):
    """What anybody may know of a letter whose code they hold."""

    number = fields.String()
    standing = fields.String()
    issued_on = fields.Date()
    host = fields.String()
    arrives_on = fields.Date()
    departs_on = fields.Date()
    visitors = fields.Integer()
    initials = fields.List(fields.String())
