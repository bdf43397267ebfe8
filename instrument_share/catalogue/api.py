"""JSON calls of catalogue."""

from __future__ import annotations

from flask_smorest import Blueprint

blueprint = Blueprint("catalogue_api", __name__, url_prefix="/api/v1", description="catalogue")
