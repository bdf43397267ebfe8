"""What this floor holds about a person: what they were told, and how they want to be told."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..identity.own_data.registry import Part, Rows, register
from . import of_erasure
from .digests.models import MessageWishes
from .models import Message


def connect() -> None:
    """Say what is held. Connecting again changes nothing."""
    register(_MESSAGES)


_MESSAGES = Part(
    "messages",
    lazy_gettext("Messages to you"),
    lazy_gettext("What you were told, when, and when you want to be told."),
    (
        Rows("messages", Message.person_id),
        Rows("wishes", MessageWishes.person_id),
    ),
    goes=lazy_gettext(
        "Messages to the person and their wishes; the name in messages to others, sent or not."
    ),
    erase=of_erasure.messages,
)
