"""Is it alive, is it ready, and what does it measure."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, jsonify, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ..foundation.database import db
from ..foundation.errors import NotFound
from ..identity.workers import last_seen

if TYPE_CHECKING:
    from prometheus_client import Gauge

blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/health/live")
def live() -> Response:
    return jsonify(status="alive")


@blueprint.get("/health/ready")
def ready() -> tuple[Response, int]:
    """Ready when the database answers and holds our schema."""
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    except SQLAlchemyError:
        return jsonify(status="database not ready"), 503
    return jsonify(status="ready"), 200


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus figures, to programs on this machine only; what a proxy passes on comes from elsewhere."""
    if request.remote_addr not in ("127.0.0.1", "::1") or "X-Forwarded-For" in request.headers:
        raise NotFound()
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    seen = last_seen()
    _worker_seen().set(seen.timestamp() if seen else 0)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@cache
def _worker_seen() -> Gauge:
    from prometheus_client import Gauge

    return Gauge(
        "instrument_share_worker_seen_timestamp_seconds",
        "When a worker was last seen (Unix time); 0 where none ever was.",
    )
