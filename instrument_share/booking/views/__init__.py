"""Pages of booking, by address."""

from __future__ import annotations

from flask import Blueprint

from . import acting, asking, deciding, reading

blueprint = Blueprint("booking", __name__)

_GET, _BOTH = ["GET"], ["GET", "POST"]
blueprint.add_url_rule("/instruments/<slug>/book", "book", asking.book, methods=_BOTH)
blueprint.add_url_rule("/bookings", "index", reading.index, methods=_GET)
blueprint.add_url_rule("/bookings/<reference>", "show", reading.show, methods=_GET)
blueprint.add_url_rule("/bookings/<reference>/edit", "edit", asking.edit, methods=_BOTH)
blueprint.add_url_rule("/bookings/<reference>/<action>", "act", acting.act, methods=_BOTH)
blueprint.add_url_rule("/approvals", "approvals", deciding.approvals, methods=_BOTH)
