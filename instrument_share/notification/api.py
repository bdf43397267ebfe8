"""JSON calls of the inbox: what waits for the caller, and what they were told."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from ..foundation.clock import now
from ..foundation.http.arguments import arguments
from ..foundation.http.limits import WRITING, limiter
from ..foundation.http.paging import PageQuery
from ..foundation.transaction import perform
from ..identity.current import require_person
from ..identity.waiting import waiting_for
from . import queries, services
from .letters import letter_of
from .models import Message
from .schemas import InboxPage

blueprint = Blueprint(
    "inbox_api", __name__, url_prefix="/api/v1", description="What waits for the caller, and news"
)


@blueprint.get("/inbox")
@arguments(blueprint, PageQuery, location="query")
@blueprint.response(200, InboxPage)
def inbox(query: dict[str, int]) -> dict[str, Any]:
    """What waits for the caller, kind by kind, and what they were told, the newest first."""
    person = require_person()
    page = queries.inbox_of(person, **query)
    return page.envelope([_message_out(each) for each in page.items]) | {
        "unread": queries.unread_count(person),
        "waiting": waiting_for(person, now()),
    }


@blueprint.post("/inbox/<int:message_id>/read")
@limiter.limit(WRITING)
@blueprint.response(204)
def mark_read(message_id: int) -> None:
    """The caller has seen a message."""
    perform(services.mark_read, message_id, by=require_person(), at=now())


def _message_out(message: Message) -> dict[str, Any]:
    letter = letter_of(message)
    return {
        "id": message.id,
        "kind": message.kind,
        "at": message.created_at,
        "read": message.read_at is not None,
        "subject": letter.words.subject,
        "sentence": letter.words.sentence,
        "next_step": letter.words.next_step,
        "comment": letter.comment,
        "by": letter.by,
        "url": letter.url,
    }
