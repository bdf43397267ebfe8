"""Screening on the wire."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import ValidationError, fields, post_load, validate

from ...foundation.http.paging import PageQuery
from ...foundation.http.schema import BaseSchema, Instant, Text
from .rules import CLASSES, Answer, State

_YES_NO = validate.OneOf(["yes", "no"], error=lazy_gettext("Answer yes or no."))


class ScreeningQuery(PageQuery):
    """`state` asks for those in one state alone."""

    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", *map(str, State)], error=lazy_gettext("There is no such state.")),
    )  # fmt: skip


class AnswerSchema(BaseSchema):
    """An answer, and what explains it where the question asks for that (`explain_on`)."""

    key = Text(required=True, most=40)
    answer = fields.String(required=True, validate=_YES_NO)
    detail = Text(load_default="", most=4000, lines=True)


class AnswersSchema(BaseSchema):
    """Answers to what is asked; what was answered before and is asked alike still holds."""

    answers = fields.List(
        fields.Nested(AnswerSchema), required=True, validate=validate.Length(max=100)
    )

    @post_load
    def _by_key(self, data: dict[str, Any], **_: Any) -> dict[str, Answer]:
        given = {each["key"]: Answer(each["answer"], each["detail"]) for each in data["answers"]}
        if len(given) < len(data["answers"]):
            raise ValidationError(str(lazy_gettext("Answer each question once.")), "answers")
        return given


class DecisionSchema(BaseSchema):
    """Why; the person reads it. Needed for all but `approve`."""

    reason = Text(load_default="", most=2000, lines=True)


class WhoSchema(BaseSchema):
    name = fields.String()
    institution = fields.String(allow_none=True, metadata={"description": "its slug"})


class ScreeningSchema(BaseSchema):
    """A screening; `standing` is its state, or `ended` or `outdated` where it was cleared and no longer holds."""

    id = fields.Integer()
    host = fields.String()
    screening_class = fields.String(
        data_key="class", attribute="class", validate=validate.OneOf(list(map(str, CLASSES)))
    )
    person = fields.Nested(WhoSchema)
    state = fields.Enum(State, by_value=True)
    standing = fields.String()
    answered_at = Instant()
    decided_at = Instant(allow_none=True)
    reason = fields.String()
    valid_until = fields.Date(allow_none=True)
    version = fields.Integer()


class QuestionSchema(BaseSchema):
    """Answered by yes or no; whoever answers `explain_on` says more, whoever answers `evidence_on` sends a file."""

    key = fields.String()
    text = fields.String()
    texts = fields.Dict(keys=fields.String(), values=fields.String())
    explain_on = fields.String()
    evidence = fields.String(allow_none=True)
    evidence_on = fields.String(allow_none=True)


class AnsweredSchema(QuestionSchema):
    answer = fields.String(allow_none=True)
    detail = fields.String()
    needs_attention = fields.Boolean()
    evidence_name = fields.String(allow_none=True)
    evidence_url = fields.String(allow_none=True)


class WholeScreeningSchema(ScreeningSchema):
    """The same with every answer, and the decisions that the caller can take."""

    questions = fields.List(fields.Nested(AnsweredSchema))
    decisions = fields.List(fields.String())


class ScreeningPage(PageQuery):
    items = fields.List(fields.Nested(ScreeningSchema))
    total = fields.Integer()


class ChecklistSchema(BaseSchema):
    """What a host asks; `asked` are the keys that the caller has not answered yet as they are asked now."""

    host = fields.String()
    screening_class = fields.String(data_key="class", attribute="class")
    version = fields.Integer()
    valid_months = fields.Integer()
    questions = fields.List(fields.Nested(QuestionSchema))
    asked = fields.List(fields.String())
