"""Pages of the catalogue: the search, instruments and facilities, and their management."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("catalogue", __name__)

from . import manage, public, search  # noqa: E402, F401  they add their pages to the blueprint
