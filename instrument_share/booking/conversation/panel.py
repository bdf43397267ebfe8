"""The conversation as the booking's page shows it; what is shown counts as read from then on."""

from __future__ import annotations

from datetime import datetime

from flask import g

from ...foundation.transaction import perform
from ...identity.models import Person
from ..models import Booking
from .queries import Conversation, conversation_of
from .services import note_read


def shown_conversation(booking: Booking, person: Person, at: datetime) -> Conversation:
    """What was said, with what is new to the reader marked.

    Whoever views the site as the reader reads nothing for them.
    """
    conversation = conversation_of(booking, person)
    if conversation.unread and g.get("viewed_by") is None:
        perform(note_read, booking, max(conversation.unread), by=person, at=at)
    return conversation
