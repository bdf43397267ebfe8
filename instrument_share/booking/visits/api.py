"""JSON calls of a visit."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...foundation.errors import NotFound
from ...foundation.http.arguments import arguments
from ...foundation.http.conditional import version_asked
from ...foundation.http.limits import WRITING, limiter
from ...foundation.transaction import perform
from ...identity.current import require_person
from . import queries, services
from .models import Visit
from .schemas import VisitSchema, visit_out
from .values import VisitPlan

blueprint = Blueprint(
    "visits_api",
    __name__,
    url_prefix="/api/v1/bookings/<reference>",
    description="Who comes on a booking on site",
)


@blueprint.get("/visit")
@blueprint.response(200, VisitSchema)
def read_visit(reference: str) -> Response:
    """Days and visitors; 404 where none were entered. Its `version` is the ETag."""
    visit = queries.visit_of(queries.on_site_booking(require_person(), reference))
    if visit is None:
        raise NotFound()
    return _answer(visit)


@blueprint.put("/visit")
@limiter.limit(WRITING)
@arguments(blueprint, VisitSchema)
@blueprint.response(200, VisitSchema)
def enter_visit(plan: VisitPlan, reference: str) -> Response:
    """Enter days and visitors; what was entered before is replaced, and needs its version in `If-Match`."""
    person = require_person()
    known = queries.visit_of(queries.on_site_booking(person, reference))
    version = version_asked() if known else None
    visit = perform(services.enter_visit, reference, plan, by=person, at=now(), version=version)
    return _answer(visit)


def _answer(visit: Visit) -> Response:
    content: dict[str, Any] = visit_out(visit)
    answer: Response = jsonify(content)
    answer.set_etag(str(visit.version))
    return answer
