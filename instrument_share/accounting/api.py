"""JSON calls of accounting."""

from __future__ import annotations

from flask_smorest import Blueprint

blueprint = Blueprint("accounting_api", __name__, url_prefix="/api/v1", description="accounting")
