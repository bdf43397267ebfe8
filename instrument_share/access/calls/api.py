"""JSON calls of calls for proposals: reading them, and answering."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...foundation.http.arguments import arguments
from ...foundation.http.conditional import version_asked
from ...foundation.http.limits import PUBLIC, WRITING, limiter
from ...foundation.http.paging import Page
from ...foundation.transaction import perform
from ...identity.current import person_or_none, require_person
from ...identity.once import once
from . import queries
from .proposing import services
from .proposing.queries import own_proposal
from .schemas import (
    CallDetail,
    CallPage,
    CallQuery,
    ProposalIn,
    ProposalOut,
    call_detail,
    call_out,
    proposal_out,
)
from .values import ProposalDraft

blueprint = Blueprint(
    "calls_api", __name__, url_prefix="/api/v1", description="Calls for proposals"
)


@blueprint.get("/calls")
@limiter.limit(PUBLIC)
@arguments(blueprint, CallQuery, location="query")
@blueprint.response(200, CallPage)
def list_calls(query: dict[str, Any]) -> dict[str, Any]:
    """The calls that were announced, the latest to close first."""
    at = now()
    items = [call_out(each, at) for each in queries.announced_calls(at)]
    found = [each for each in items if query["state"] in (None, each["state"])]
    number, size = query["page"], query["page_size"]
    page = Page(found[(number - 1) * size : number * size], len(found), number, size)
    return page.envelope(page.items)


@blueprint.get("/calls/<reference>")
@limiter.limit(PUBLIC)
@blueprint.response(200, CallDetail)
def read_call(reference: str) -> dict[str, Any]:
    """One call: what it is about, until when, how it is judged."""
    at = now()
    return call_detail(queries.announced_call(reference, person_or_none(), at), at)


@blueprint.post("/calls/<reference>/proposals")
@limiter.limit(WRITING)
@arguments(blueprint, ProposalIn)
@blueprint.response(201, ProposalOut)
def propose(wanted: tuple[ProposalDraft, bool], reference: str) -> Any:
    """Answer a call. Repeat with the same `Idempotency-Key` to get the first answer again."""
    (draft, submit), person, at = wanted, require_person(), now()

    def answer() -> dict[str, Any]:
        proposal = services.write_proposal(reference, draft, submit=submit, by=person, at=at)
        told: dict[str, Any] = ProposalOut().dump(proposal_out(proposal, at))
        return told

    return jsonify(once(person, at, answer)), 201


@blueprint.get("/proposals/<reference>")
@blueprint.response(200, ProposalOut)
def read_proposal(reference: str) -> dict[str, Any]:
    """A proposal of the caller's, and what became of it once the call is decided."""
    return proposal_out(own_proposal(reference, by=require_person()), now())


@blueprint.put("/proposals/<reference>")
@limiter.limit(WRITING)
@arguments(blueprint, ProposalIn)
@blueprint.response(200, ProposalOut)
def change(wanted: tuple[ProposalDraft, bool], reference: str) -> dict[str, Any]:
    """Write a proposal anew until the call closes; `If-Match` names the version that it replaces."""
    (draft, submit), person, at = wanted, require_person(), now()
    proposal = perform(
        services.change_proposal, reference, draft, submit=submit, by=person, at=at,
        version=version_asked(),
    )  # fmt: skip
    return proposal_out(proposal, at)
