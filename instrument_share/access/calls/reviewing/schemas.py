"""Reviews on the wire."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, post_load, validate

from ....foundation.http import show
from ....foundation.http.schema import BaseSchema, Instant, Text
from ..models import Call
from ..rules import SCORES, weighted_mean
from ..schemas import CriterionOut
from ..values import ReviewDraft
from .assignment import Assignment
from .models import Review, UnfinishedReview
from .shown import scores_of, weights_of

MOST_MINUTES = 6_000_000


class ReviewIn(BaseSchema):
    """`scores` by the id of a criterion. Without `submit` it is kept as a draft, and may be incomplete."""

    scores = fields.Dict(
        keys=fields.Integer(),
        values=fields.Integer(
            strict=True,
            validate=validate.OneOf(list(SCORES), error=lazy_gettext("Choose a score.")),
        ),
        load_default=dict,
    )
    to_panel = Text(most=8000, lines=True, load_default="")
    to_applicant = Text(most=8000, lines=True, load_default="")
    recommended_minutes = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(0, MOST_MINUTES)
    )
    submit = fields.Boolean(load_default=False)

    @post_load
    def _typed(self, data: dict[str, Any], **_: Any) -> tuple[ReviewDraft, bool]:
        submit = data.pop("submit")
        return ReviewDraft(**data), submit


class WordsIn(BaseSchema):
    """What ties the caller to the proposal."""

    words = Text(required=True, most=1000, lines=True)


class AssignmentOut(BaseSchema):
    """`state` is to_review, draft, handed_in or conflict; `version` goes into `If-Match`, 0 before anything is kept."""

    proposal = fields.String()
    title = fields.String()
    call = fields.String()
    call_title = fields.String()
    review_until = Instant()
    state = fields.String()
    version = fields.Integer()


class AssignmentList(BaseSchema):
    items = fields.List(fields.Nested(AssignmentOut))
    total = fields.Integer()


class ScoredCriterion(CriterionOut):
    id = fields.Integer()


class ReviewOut(BaseSchema):
    """`mean` weighs the criteria; null in a draft, as are `submitted_at` and `changed_at`."""

    mean = fields.Float(allow_none=True)
    scores = fields.Dict(keys=fields.String(), values=fields.Integer())
    to_panel = fields.String()
    to_applicant = fields.String()
    recommended_minutes = fields.Integer(allow_none=True)
    submitted_at = Instant(allow_none=True)
    changed_at = Instant(allow_none=True)


class AssignmentDetail(AssignmentOut):
    """Whoever has a conflict reads neither the proposal nor its reviews. `tie` is what the site knows by itself."""

    people = fields.List(fields.String())
    tie = fields.String(allow_none=True)
    declared = fields.String(allow_none=True)
    field = fields.String(allow_none=True)
    abstract = fields.String(allow_none=True)
    file = fields.String(allow_none=True)
    minutes = fields.Dict(keys=fields.String(), values=fields.Integer(), allow_none=True)
    criteria = fields.List(fields.Nested(ScoredCriterion))
    review = fields.Nested(ReviewOut, allow_none=True)
    others = fields.List(fields.Nested(ReviewOut))


def assignment_out(it: Assignment) -> dict[str, Any]:
    call = it.reviewer.call
    return {
        "proposal": it.proposal.reference,
        "title": it.proposal.title,
        "call": call.reference,
        "call_title": show.localized(call.titles),
        "review_until": call.review_until,
        "state": _state(it),
        "version": it.version,
    }


def assignment_detail(it: Assignment, others: list[Review]) -> dict[str, Any]:
    call, proposal = it.reviewer.call, it.proposal
    told: dict[str, Any] = assignment_out(it) | {
        "people": [each.display_name for each in proposal.people],
        "tie": it.tie,
        "declared": it.declared.words if it.declared else None,
        "criteria": [
            {"id": each.id, "name": show.localized(each.names), "weight": each.weight}
            for each in call.criteria
        ],
    }
    hidden = dict.fromkeys(("field", "abstract", "file", "minutes", "review"))
    if it.has_conflict:
        return told | hidden | {"others": []}
    return told | {
        "field": proposal.field,
        "abstract": proposal.abstract,
        "file": proposal.file.name if proposal.file else None,
        "minutes": {each.instrument.slug: each.minutes for each in proposal.wishes},
        "review": _own(it),
        "others": [review_out(each, call) for each in others],
    }


def review_out(review: Review, call: Call) -> dict[str, Any]:
    """A review without who gave it."""
    scores = scores_of(review)
    return _said(review, scores) | {
        "mean": float(weighted_mean(scores, weights_of(call))),
        "submitted_at": review.submitted_at,
        "changed_at": review.changed_at,
    }


def _own(it: Assignment) -> dict[str, Any] | None:
    if it.review is not None:
        return review_out(it.review, it.reviewer.call)
    if it.unfinished is None:
        return None
    nothing = dict.fromkeys(("mean", "submitted_at", "changed_at"))
    return _said(it.unfinished, it.unfinished.scores) | nothing


def _said(kept: Review | UnfinishedReview, scores: dict[Any, int]) -> dict[str, Any]:
    return {
        "scores": scores,
        "to_panel": kept.to_panel,
        "to_applicant": kept.to_applicant,
        "recommended_minutes": kept.recommended_minutes,
    }


def _state(it: Assignment) -> str:
    if it.has_conflict:
        return "conflict"
    if it.review is not None:
        return "handed_in"
    return "draft" if it.unfinished else "to_review"
