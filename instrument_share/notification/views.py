"""The inbox: what waits for a person, then what they were told, the newest first."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE

from ..foundation import clock
from ..foundation.http.paging import PageQuery, links
from ..foundation.http.schema import load
from ..foundation.transaction import perform
from ..identity.current import require_person
from ..identity.waiting import waiting_for
from . import queries, services
from .letters import letter_of
from .pages import page_of

blueprint = Blueprint("notification", __name__)


@blueprint.get("/inbox")
def inbox() -> str:
    person = require_person()
    asked = load(PageQuery(unknown=EXCLUDE), request.args)
    messages = queries.inbox_of(person, asked["page"])
    first = asked["page"] == 1
    return render_template(
        "notification/inbox.html",
        page=messages,
        paging=links(messages),
        entries=[(message, letter_of(message)) for message in messages.items],
        waiting=waiting_for(person, clock.now()) if first else [],
        is_first=first,
        has_unread=any(message.read_at is None for message in messages.items),
    )


@blueprint.post("/inbox/<int:message_id>")
def open_message(message_id: int) -> ResponseReturnValue:
    """Mark it as read and go to what it is about."""
    message = perform(services.mark_read, message_id, by=require_person(), at=clock.now())
    return redirect(page_of(message))


@blueprint.post("/inbox/read")
def read_all() -> ResponseReturnValue:
    perform(services.mark_all_read, by=require_person(), at=clock.now())
    return redirect(url_for("notification.inbox"))
