"""JSON calls of approval policies: for those who may write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, request
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...foundation.errors import InvalidInput
from ...foundation.http.arguments import arguments
from ...foundation.http.conditional import version_asked
from ...foundation.http.limits import WRITING, limiter
from ...foundation.transaction import perform
from ...identity.current import require_person
from . import queries, services
from .bound import bound_out, sentences
from .in_force import InForce
from .models import ApprovalPolicy
from .places import place_for
from .schemas import DraftIn, DraftOut, PolicyOut, WrittenDraft
from .written import as_data

blueprint = Blueprint(
    "policies_api", __name__, url_prefix="/api/v1", description="Approval policies"
)


@blueprint.get("/policies/<kind>/<slug>")
@blueprint.response(200, PolicyOut)
def read(kind: str, slug: str) -> Response:
    """What decides on requests to a `host`, `facility` or `instrument` now, its versions, and the draft."""
    place, at = place_for(require_person(), kind, slug), now()
    in_force, draft = queries.in_force_at(place, at), queries.draft_of(place)
    return jsonify(
        in_force={
            "version": in_force.version or None,
            "scope": in_force.scope.kind if in_force.scope else "built_in",
            "bound": bound_out(in_force.bound),
            **as_data(in_force.rules),
        },
        draft=_draft_out(draft, queries.binding_at(place, at)) if draft else None,
        versions=[
            {
                "version": row.version,
                "starts_at": row.starts_at.isoformat() if row.starts_at else None,
                "note": row.note,
                **row.document,
            }
            for row in queries.versions_of(place)
        ],
    )


@blueprint.put("/policies/<kind>/<slug>/draft")
@limiter.limit(WRITING)
@arguments(blueprint, DraftIn)
@blueprint.response(200, DraftOut)
def write_draft(written: WrittenDraft, kind: str, slug: str) -> Response:
    """Write the draft of the next version, which decides nothing until it is activated on its page.

    A draft that is there already is replaced, and needs its `revision` in `If-Match`; the new one is the ETag.
    """
    person, at = require_person(), now()
    place = place_for(person, kind, slug)
    is_there = queries.draft_of(place) is not None or "If-Match" in request.headers
    revision = version_asked() if is_there else 0
    try:
        draft = perform(
            services.save_draft, kind, slug, written.policy, written.note,
            by=person, at=at, revision=revision,
        )  # fmt: skip
    except InvalidInput as refusal:
        named = {_path(name): sentence for name, sentence in refusal.fields.items()}
        raise InvalidInput(fields=named) from None
    answer: Response = jsonify(_draft_out(draft, queries.binding_at(place, at)))
    answer.set_etag(str(draft.revision))
    return answer


def _draft_out(draft: ApprovalPolicy, bound: Sequence[InForce]) -> dict[str, Any]:
    return {
        "revision": draft.revision,
        "note": draft.note,
        "bound": bound_out(bound),
        "notes": sentences(bound),
        **draft.document,
    }


def _path(field: str) -> str:
    """`step-1-role` as JSON has it: `steps.0.role`."""
    found = re.fullmatch(r"step-(\d+)-(\w+)", field)
    return f"steps.{int(found[1]) - 1}.{found[2]}" if found else field
