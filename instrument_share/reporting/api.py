"""JSON calls of reporting."""

from __future__ import annotations

from flask_smorest import Blueprint

blueprint = Blueprint("reporting_api", __name__, url_prefix="/api/v1", description="reporting")
