"""Calls and proposals on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import fields, post_load, validate

from ...catalogue.rules import ResearchField
from ...foundation.http import show
from ...foundation.http.paging import PageQuery
from ...foundation.http.schema import BaseSchema, Instant, Text
from ..projects.forms import one_of
from .models import Call
from .proposing.models import Proposal
from .rules import CallState
from .values import ProposalDraft


class CallQuery(PageQuery):
    """`state` asks for calls that stand somewhere: announced, open, in_review or decided."""

    state = fields.String(
        load_default=None, validate=one_of(each for each in CallState if each != CallState.DRAFT)
    )


class CriterionOut(BaseSchema):
    name = fields.String()
    weight = fields.Integer()


class OfferOut(BaseSchema):
    facility = fields.String()
    minutes = fields.Integer()


class CallOut(BaseSchema):
    """`state` is what the call is now; it changes at `opens_at` and `closes_at` by itself.

    `offers` is what each facility gives, `minutes` their sum; `time_zone` is that of `facility`, the first of them.
    """

    reference = fields.String()
    state = fields.String()
    title = fields.String()
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    facility = fields.String()
    time_zone = fields.String()
    minutes = fields.Integer()
    offers = fields.List(fields.Nested(OfferOut))
    opens_at = Instant()
    closes_at = Instant()
    review_until = Instant()
    decided_at = Instant(allow_none=True)
    starts_on = fields.Date()
    ends_on = fields.Date()


class CallDetail(CallOut):
    description = fields.String()
    instruments = fields.List(fields.String())
    criteria = fields.List(fields.Nested(CriterionOut))


class CallPage(BaseSchema):
    items = fields.List(fields.Nested(CallOut))
    total = fields.Integer()
    page = fields.Integer()
    page_size = fields.Integer()


class ProposalIn(BaseSchema):
    """`minutes` by the slug of an instrument; `with` are mail addresses. Without `submit` it is kept as a draft."""

    title = Text(required=True, most=300)
    abstract = Text(most=20_000, lines=True, load_default="")
    field = fields.String(required=True, validate=one_of(ResearchField))
    minutes = fields.Dict(
        keys=Text(most=80),
        values=fields.Integer(strict=True, validate=validate.Range(0, 6_000_000)),
        load_default=dict,
    )
    with_whom = fields.List(
        Text(most=254), data_key="with", load_default=list, validate=validate.Length(max=50)
    )
    submit = fields.Boolean(load_default=False)

    @post_load
    def _typed(self, data: dict[str, Any], **_: Any) -> tuple[ProposalDraft, bool]:
        draft = ProposalDraft(
            data["title"], data["abstract"], data["field"], data["minutes"],
            tuple(data["with_whom"]),
        )  # fmt: skip
        return draft, data["submit"]


class ProposalOut(BaseSchema):
    """What is `granted` by facility, and in all, and `answer` are null before the call is decided."""

    reference = fields.String()
    call = fields.String()
    state = fields.String()
    version = fields.Integer()
    title = fields.String()
    abstract = fields.String()
    field = fields.String()
    minutes = fields.Dict(keys=fields.String(), values=fields.Integer())
    people = fields.List(fields.String())
    submitted_at = Instant(allow_none=True)
    granted = fields.Dict(keys=fields.String(), values=fields.Integer(), allow_none=True)
    granted_minutes = fields.Integer(allow_none=True)
    answer = fields.String(allow_none=True)
    project = fields.String(allow_none=True)


def call_out(call: Call, at: datetime) -> dict[str, Any]:
    names = (
        "reference", "titles", "time_zone", "minutes", "opens_at", "closes_at", "review_until",
        "decided_at", "starts_on", "ends_on",
    )  # fmt: skip
    return {name: getattr(call, name) for name in names} | {
        "state": call.state(at).value,
        "title": show.localized(call.titles),
        "facility": call.facility.slug,
        "offers": offers_out(call),
    }


def offers_out(call: Call) -> list[dict[str, Any]]:
    return [{"facility": it.facility.slug, "minutes": it.minutes} for it in call.offers]


def granted_out(proposal: Proposal) -> dict[str, int]:
    """Minutes by the slug of a facility."""
    return {it.offer.facility.slug: it.minutes for it in proposal.grants}


def call_detail(call: Call, at: datetime) -> dict[str, Any]:
    return call_out(call, at) | {
        "description": show.localized(call.descriptions),
        "instruments": [each.slug for each in call.instruments],
        "criteria": [
            {"name": show.localized(each.names), "weight": each.weight} for each in call.criteria
        ],
    }


def proposal_out(proposal: Proposal, at: datetime) -> dict[str, Any]:
    """A proposal for those who propose it."""
    decided = proposal.call.state(at) == CallState.DECIDED
    return {
        "reference": proposal.reference,
        "call": proposal.call.reference,
        "state": proposal.state,
        "version": proposal.version,
        "title": proposal.title,
        "abstract": proposal.abstract,
        "field": proposal.field,
        "minutes": {each.instrument.slug: each.minutes for each in proposal.wishes},
        "people": [each.display_name for each in proposal.people],
        "submitted_at": proposal.submitted_at,
        "granted": granted_out(proposal) if decided else None,
        "granted_minutes": proposal.granted_minutes if decided else None,
        "answer": proposal.answer if decided else None,
        "project": proposal.project.reference if decided and proposal.project else None,
    }
