"""The JSON call of a door or of an instrument's power switch."""

from __future__ import annotations

from flask import Response, jsonify
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...identity.current import require_person
from .queries import gate_at
from .schemas import GateSchema, gate_out

blueprint = Blueprint(
    "at_instrument_api",
    __name__,
    url_prefix="/api/v1/instruments/<slug>",
    description="Doors and switches that ask whether to open",
)


@blueprint.get("/gate")
@blueprint.response(200, GateSchema)
def gate(slug: str) -> Response:
    """Whether to open now, and for which booking; for the token of whoever runs the instrument.

    Open while a booking is in use, and from half an hour before a confirmed booking to its end.
    """
    answer = jsonify(gate_out(gate_at(require_person(), slug, now())))
    answer.headers["Cache-Control"] = "no-store"
    return answer
