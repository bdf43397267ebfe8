"""JSON calls of access."""

from __future__ import annotations

from flask_smorest import Blueprint

blueprint = Blueprint("access_api", __name__, url_prefix="/api/v1", description="access")
