"""Pages of notification."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("notification", __name__)
