"""JSON calls of access: who may use an instrument."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from ..catalogue.queries import described_instrument
from ..foundation.clock import now
from ..foundation.http.arguments import arguments
from ..identity.current import person_or_none
from .eligibility import Eligibility, eligibility_of
from .schemas import EligibilityQuery, EligibilitySchema

blueprint = Blueprint(
    "access_api", __name__, url_prefix="/api/v1", description="Who may use an instrument"
)


@blueprint.get("/instruments/<slug>/eligibility")
@arguments(blueprint, EligibilityQuery, location="query")
@blueprint.response(200, EligibilitySchema)
def eligibility(query: dict[str, Any], slug: str) -> Eligibility:
    """Whether the caller may ask for the instrument, condition by condition."""
    return eligibility_of(
        person_or_none(), described_instrument(slug), query["mode"], at=now(), with_hours=True
    )
