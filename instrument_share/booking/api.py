"""JSON calls of booking."""

from __future__ import annotations

from flask_smorest import Blueprint

blueprint = Blueprint("booking_api", __name__, url_prefix="/api/v1", description="booking")
