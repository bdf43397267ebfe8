"""JSON calls of approval policies: for those who may write them."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...identity.current import require_person
from . import queries
from .places import place_for
from .written import as_data

blueprint = Blueprint(
    "policies_api", __name__, url_prefix="/api/v1", description="Approval policies"
)


@blueprint.get("/policies/<kind>/<slug>")
@blueprint.response(200)
def read(kind: str, slug: str) -> Any:
    """What decides on requests to a `host`, `facility` or `instrument` now, its versions, and the draft."""
    place = place_for(require_person(), kind, slug)
    in_force, draft = queries.in_force_at(place, now()), queries.draft_of(place)
    return jsonify(
        in_force={
            "version": in_force.version or None,
            "scope": in_force.scope.kind if in_force.scope else "built_in",
            **as_data(in_force.rules),
        },
        draft={"revision": draft.revision, **draft.document} if draft else None,
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
