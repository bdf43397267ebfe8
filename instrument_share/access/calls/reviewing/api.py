"""JSON calls of reviewers: what they have to review, and what they say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from ....files.http import send_stored
from ....foundation.clock import now
from ....foundation.http.arguments import arguments
from ....foundation.http.conditional import version_asked
from ....foundation.http.limits import WRITING, limiter
from ....foundation.transaction import perform
from ....identity.current import require_person
from ....identity.models import Person
from ..deciding.queries import file_for
from ..values import ReviewDraft
from . import queries, services
from .schemas import (
    AssignmentDetail,
    AssignmentList,
    ReviewIn,
    WordsIn,
    assignment_detail,
    assignment_out,
)

blueprint = Blueprint(
    "reviews_api", __name__, url_prefix="/api/v1/reviews", description="Reviews of proposals"
)


@blueprint.get("")
@blueprint.response(200, AssignmentList)
def list_reviews() -> dict[str, Any]:
    """What the caller was asked to review, in calls that have closed; the latest due first."""
    found = queries.assignments_of(require_person(), now())
    return {"items": [assignment_out(each) for each in found], "total": len(found)}


@blueprint.get("/<reference>")
@blueprint.response(200, AssignmentDetail)
def read_review(reference: str) -> dict[str, Any]:
    """A proposal (named by its reference) and the caller's review; the others' once the caller's is handed in."""
    return _assignment_data(reference, require_person(), now())


@blueprint.get("/<reference>/file")
@blueprint.response(200, content_type="application/octet-stream")
def read_file(reference: str) -> Response:
    """The proposal's file."""
    return send_stored(file_for(reference, by=require_person(), at=now()))


@blueprint.put("/<reference>")
@limiter.limit(WRITING)
@arguments(blueprint, ReviewIn)
@blueprint.response(200, AssignmentDetail)
def review(wanted: tuple[ReviewDraft, bool], reference: str) -> dict[str, Any]:
    """Keep a draft, or hand the review in: again until reviews are due. `If-Match` names the version it replaces."""
    (draft, submit), person, at = wanted, require_person(), now()
    act = services.hand_in if submit else services.keep_unfinished
    perform(act, reference, draft, by=person, at=at, version=version_asked())
    return _assignment_data(reference, person, at)


@blueprint.post("/<reference>/conflict")
@limiter.limit(WRITING)
@arguments(blueprint, WordsIn)
@blueprint.response(200, AssignmentDetail)
def declare(said: dict[str, str], reference: str) -> dict[str, Any]:
    """Declare a conflict of interest, for good; declared again it stays as it was said first."""
    person, at = require_person(), now()
    perform(services.declare, reference, said["words"], by=person, at=at)
    return _assignment_data(reference, person, at)


def _assignment_data(reference: str, person: Person, at: datetime) -> dict[str, Any]:
    assignment = queries.assignment_for(reference, by=person, at=at)
    return assignment_detail(assignment, queries.others_said(assignment))
