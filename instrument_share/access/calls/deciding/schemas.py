"""The decision of a call on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marshmallow import fields, post_load, validate

from ....foundation.http.schema import BaseSchema, Text
from ..models import Call
from ..reviewing.assignment import Assignment
from ..reviewing.schemas import MOST_MINUTES, ReviewOut, review_out
from ..schemas import OfferOut, granted_out, offers_out
from ..values import Grant
from .queries import Candidate, mark_of


class GrantIn(BaseSchema):
    """`minutes` by the slug of a facility; none at all refuse a proposal."""

    proposal = Text(required=True, most=20)
    minutes = fields.Dict(
        keys=Text(most=80),
        values=fields.Integer(strict=True, validate=validate.Range(0, MOST_MINUTES)),
        required=True,
    )
    answer = Text(most=4000, lines=True, load_default="")


class PlanIn(BaseSchema):
    """What these proposals are to get; the others stay as they are planned."""

    grants = fields.List(
        fields.Nested(GrantIn), required=True, validate=validate.Length(min=1, max=1000)
    )

    @post_load
    def _typed(self, data: dict[str, Any], **_: Any) -> dict[str, Grant]:
        return {each["proposal"]: Grant(each["minutes"], each["answer"]) for each in data["grants"]}


class GivenReview(ReviewOut):
    reviewer = fields.String()


class GivenConflict(BaseSchema):
    """`tie` is what the site knows by itself, `words` what the reviewer declared."""

    reviewer = fields.String()
    tie = fields.String(allow_none=True)
    words = fields.String(allow_none=True)


class CandidateOut(BaseSchema):
    """A proposal in its place; `mean` is null without reviews, `granted_minutes` before anything is planned for it."""

    place = fields.Integer()
    proposal = fields.String()
    title = fields.String()
    field = fields.String()
    abstract = fields.String()
    people = fields.List(fields.String())
    minutes = fields.Dict(keys=fields.String(), values=fields.Integer())
    mean = fields.Float(allow_none=True)
    spread = fields.Float()
    reviews = fields.List(fields.Nested(GivenReview))
    conflicts = fields.List(fields.Nested(GivenConflict))
    reviews_missing = fields.Integer()
    granted = fields.Dict(keys=fields.String(), values=fields.Integer())
    granted_minutes = fields.Integer(allow_none=True)
    answer = fields.String()
    project = fields.String(allow_none=True)


class RankingOut(BaseSchema):
    """`tag` stands for the plan as it is, and goes into `If-Match`."""

    call = fields.String()
    state = fields.String()
    tag = fields.String()
    minutes = fields.Integer()
    planned_minutes = fields.Integer()
    offers = fields.List(fields.Nested(OfferOut))
    items = fields.List(fields.Nested(CandidateOut))


def ranking_out(call: Call, candidates: Sequence[Candidate], at: datetime) -> dict[str, Any]:
    proposals = [each.proposal for each in candidates]
    return {
        "call": call.reference,
        "state": call.state(at).value,
        "tag": mark_of(proposals),
        "minutes": call.minutes,
        "offers": offers_out(call),
        "planned_minutes": sum(each.granted_minutes or 0 for each in proposals),
        "items": [_candidate_out(each, call) for each in candidates],
    }


def _candidate_out(it: Candidate, call: Call) -> dict[str, Any]:
    proposal, mean = it.proposal, it.standing.mean
    return {name: getattr(proposal, name) for name in _SHOWN} | {
        "place": it.place,
        "proposal": proposal.reference,
        "people": [each.display_name for each in proposal.people],
        "minutes": {each.instrument.slug: each.minutes for each in proposal.wishes},
        "granted": granted_out(proposal),
        "mean": None if mean is None else float(mean),
        "spread": float(it.standing.spread),
        "reviews": [
            review_out(each.review, call) | {"reviewer": each.reviewer.person.display_name}
            for each in it.reviews
            if each.review is not None
        ],
        "conflicts": [_conflict_out(each) for each in it.conflicts],
        "reviews_missing": sum(each.is_due for each in it.assignments),
        "project": proposal.project.reference if proposal.project else None,
    }


_SHOWN = ("title", "field", "abstract", "granted_minutes", "answer")


def _conflict_out(it: Assignment) -> dict[str, Any]:
    return {
        "reviewer": it.reviewer.person.display_name,
        "tie": it.tie,
        "words": it.declared.words if it.declared else None,
    }
