"""JSON calls of training: what is offered, and a place in it."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...foundation.http.arguments import arguments
from ...foundation.http.limits import PUBLIC, WRITING, limiter
from ...identity.current import require_person
from ...identity.once import once
from . import queries, services
from .schemas import NoBody, PlaceSchema, SessionPage, TrainingQuery

blueprint = Blueprint(
    "training_api", __name__, url_prefix="/api/v1", description="Training and places in it"
)


@blueprint.get("/training")
@limiter.limit(PUBLIC)
@arguments(blueprint, TrainingQuery, location="query")
@blueprint.response(200, SessionPage)
def offered(query: dict[str, Any]) -> dict[str, Any]:
    """The sessions to come, the next first; with `instrument`, those that qualify for it."""
    sessions = queries.sessions_to_come(now(), query["instrument"])
    return {"items": sessions, "total": len(sessions)}


@blueprint.post("/training/<reference>/places")
@limiter.limit(WRITING)
@arguments(blueprint, NoBody)
@blueprint.response(201, PlaceSchema)
def ask_for_a_place(_: dict[str, Any], reference: str) -> Any:
    """A seat, or a place in line where all are taken. Asked again it is the same place."""
    person, at = require_person(), now()

    def answer() -> dict[str, Any]:
        place = services.request_place(reference, by=person, at=at)
        told: dict[str, Any] = PlaceSchema().dump(place)
        return told

    return jsonify(once(person, at, answer)), 201
