"""Pages of accounting."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounting", __name__)
