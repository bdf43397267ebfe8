"""The JSON call of schedules: what is taken of all instruments at once."""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app
from flask_smorest import Blueprint

from ..foundation.clock import now
from ..foundation.http.arguments import arguments
from ..foundation.http.limits import PUBLIC, limiter
from . import week
from .schemas import ScheduleQuery, ScheduleSchema, schedule_window

blueprint = Blueprint("schedule_api", __name__, url_prefix="/api/v1", description="What is taken")


@blueprint.get("/schedule")
@limiter.limit(PUBLIC)
@arguments(blueprint, ScheduleQuery, location="query")
@blueprint.response(200, ScheduleSchema)
def schedule(query: dict[str, datetime | None]) -> Response:
    """When the instruments are taken, by instrument and start: by default the coming week, at most five weeks."""
    window = schedule_window(query, now())
    # Thousands of rows: written as they come instead of being dumped field by field.
    return current_app.response_class(week.as_json(window), mimetype="application/json")
