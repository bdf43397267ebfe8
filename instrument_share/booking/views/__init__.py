"""Pages of booking, by address."""

from __future__ import annotations

from flask import Blueprint

from ..desk.replies import views as replies
from ..desk.views import approvals
from . import acting, asking, reading

blueprint = Blueprint("booking", __name__)

_GET, _POST, _BOTH = ["GET"], ["POST"], ["GET", "POST"]
blueprint.add_url_rule("/instruments/<slug>/book", "book", asking.book, methods=_BOTH)
blueprint.add_url_rule("/bookings", "index", reading.index, methods=_GET)
blueprint.add_url_rule("/bookings/<reference>", "show", reading.show, methods=_GET)
blueprint.add_url_rule("/bookings/<reference>/edit", "edit", asking.edit, methods=_BOTH)
blueprint.add_url_rule("/bookings/<reference>/<action>", "act", acting.act, methods=_BOTH)
blueprint.add_url_rule("/approvals", "approvals", approvals, methods=_BOTH)
blueprint.add_url_rule("/manage/replies", "replies", replies.replies, methods=_BOTH)
blueprint.add_url_rule("/manage/replies/<int:reply_id>", "reply", replies.reply, methods=_BOTH)
blueprint.add_url_rule(
    "/manage/replies/<int:reply_id>/remove", "remove_reply", replies.remove_reply, methods=_POST
)
