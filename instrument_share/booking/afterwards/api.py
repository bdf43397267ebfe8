"""JSON calls after a use: publications, and one's record."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...foundation.http.arguments import arguments
from ...foundation.http.limits import WRITING, limiter
from ...identity.current import require_person
from ...identity.once import once
from . import queries, services
from .queries import Credit
from .schemas import CreditSchema, PaperSchema, PublicationList, PublicationSchema
from .values import Paper

blueprint = Blueprint(
    "afterwards_api", __name__, url_prefix="/api/v1", description="Publications and records"
)


@blueprint.get("/bookings/<reference>/publications")
@blueprint.response(200, PublicationList)
def list_publications(reference: str) -> dict[str, Any]:
    """What was published of a booking's time."""
    found = queries.publications_of(queries.used_booking(require_person(), reference))
    return {"items": found, "total": len(found)}


@blueprint.post("/bookings/<reference>/publications")
@limiter.limit(WRITING)
@arguments(blueprint, PaperSchema)
@blueprint.response(201, PublicationSchema)
def report(paper: Paper, reference: str) -> Any:
    """Report a publication by its DOI. Repeat with the same `Idempotency-Key` to get the first answer again."""
    person, at = require_person(), now()

    def answer() -> dict[str, Any]:
        done = services.report_publication(reference, paper, by=person, at=at)
        return PublicationSchema().dump(done)

    return jsonify(once(person, at, answer)), 201


@blueprint.get("/account/credit")
@blueprint.response(200, CreditSchema)
def credit() -> Credit:
    """The caller's record of no-shows, late cancellations and missing results."""
    return queries.credit_of(require_person(), now())
