"""JSON calls of identity."""

from __future__ import annotations

from flask_smorest import Blueprint

blueprint = Blueprint("identity_api", __name__, url_prefix="/api/v1", description="identity")
