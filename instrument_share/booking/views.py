"""Pages of booking."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("booking", __name__)
