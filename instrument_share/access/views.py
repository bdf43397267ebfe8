"""Pages of access."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("access", __name__)
