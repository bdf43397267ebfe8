"""What is told after a use, from outside and back."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, post_load, validate

from ...foundation.http.schema import BaseSchema, FormSchema, Instant, Text, one_sentence
from .rules import Verdict
from .values import Marks, Paper

_CHOOSE = lazy_gettext("Choose one of the list.")


def _mark() -> fields.Integer:
    return fields.Integer(
        required=True,
        validate=validate.Range(1, 5, error=_CHOOSE),
        error_messages=one_sentence(_CHOOSE),
    )


class FeedbackForm(FormSchema):
    instrument = _mark()
    support = _mark()
    booking_itself = _mark()
    text = Text(load_default="", most=3000, lines=True)

    @post_load
    def _marks(self, said: dict[str, Any], **_: Any) -> Marks:
        return Marks(**said)


class PaperSchema(BaseSchema):
    """A publication by its DOI (bare, or as an address); `acknowledged`: it names the instrument."""

    doi = Text(required=True, most=300)
    title = Text(required=True, most=500)
    acknowledged = fields.Boolean(load_default=False)

    @post_load
    def _paper(self, said: dict[str, Any], **_: Any) -> Paper:
        return Paper(**said)


class PaperForm(FormSchema, PaperSchema):
    """The same from the page's form."""


class ResultsForm(FormSchema):
    results = Text(required=True, most=2000, lines=True)


class ContestForm(FormSchema):
    reason = Text(required=True, most=2000, lines=True)


class VerdictForm(FormSchema):
    verdict = fields.String(
        required=True,
        validate=validate.OneOf(list(Verdict), error=_CHOOSE),
        error_messages=one_sentence(_CHOOSE),
    )
    answer = Text(required=True, most=2000, lines=True)


class PublicationSchema(BaseSchema):
    """A publication that came of a booking."""

    doi = fields.String()
    url = fields.String()
    title = fields.String()
    acknowledged = fields.Boolean()
    reported_at = Instant()


class PublicationList(BaseSchema):
    items = fields.List(fields.Nested(PublicationSchema))
    total = fields.Integer()


class CreditEntrySchema(BaseSchema):
    """An entry on one's record; it counts until it is lifted, or until missing results came."""

    id = fields.Integer()
    kind = fields.String()
    booking = fields.String(attribute="booking.reference")
    at = Instant(attribute="happened_at")
    counts = fields.Boolean()
    contested_at = Instant()
    reason = fields.String()
    verdict = fields.String(allow_none=True)
    answer = fields.String()


class CreditSchema(BaseSchema):
    """One's record: 100 is spotless."""

    score = fields.Integer()
    items = fields.List(fields.Nested(CreditEntrySchema), attribute="entries")
    total = fields.Function(lambda credit: len(credit.entries))
