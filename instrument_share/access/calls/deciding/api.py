"""JSON calls of whoever decides a call: the ranking, the plan, the decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from ....foundation.clock import now
from ....foundation.http.arguments import arguments
from ....foundation.http.conditional import tag_asked
from ....foundation.http.limits import WRITING, limiter
from ....foundation.transaction import perform
from ....identity.current import require_person
from ....identity.models import Person
from ..values import Grant
from . import queries, services
from .schemas import PlanIn, RankingOut, ranking_out

blueprint = Blueprint(
    "decisions_api", __name__, url_prefix="/api/v1/calls", description="Decisions of calls"
)


@blueprint.get("/<reference>/ranking")
@blueprint.response(200, RankingOut)
def ranking(reference: str) -> dict[str, Any]:
    """The proposals of a call, the best first, with their reviews and what is planned; none before the deadline."""
    return _ranking_data(reference, require_person(), now())


@blueprint.put("/<reference>/plan")
@limiter.limit(WRITING)
@arguments(blueprint, PlanIn)
@blueprint.response(200, RankingOut)
def plan(grants: dict[str, Grant], reference: str) -> dict[str, Any]:
    """Note who is to get how much; nobody is told. `If-Match` has the `tag` of the plan that is changed."""
    person, at = require_person(), now()
    perform(services.plan, reference, grants, by=person, at=at, mark=tag_asked())
    return _ranking_data(reference, person, at)


@blueprint.post("/<reference>/decision")
@limiter.limit(WRITING)
@blueprint.response(200, RankingOut)
def publish(reference: str) -> dict[str, Any]:
    """Decide the call as it is planned, for good: projects begin and everybody is told. `If-Match` as for the plan."""
    person, at = require_person(), now()
    perform(services.publish, reference, by=person, at=at, mark=tag_asked())
    return _ranking_data(reference, person, at)


def _ranking_data(reference: str, person: Person, at: datetime) -> dict[str, Any]:
    call = queries.call_to_decide(reference, by=person)
    return ranking_out(call, queries.ranking(call, at), at)
