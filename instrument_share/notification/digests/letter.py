"""A digest as a mail: everything that waited for it, each message once, the oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage

from flask import current_app
from flask_babel import ngettext
from sqlalchemy import select

from ...foundation.database import db
from ..models import Message
from .services import unsubscribe_token


def members_of(digest: Message) -> Sequence[Message]:
    """What the digest tells. It was closed when it fell due: nothing is added afterwards."""
    return db.session.scalars(
        select(Message).where(Message.digest_id == digest.id).order_by(Message.id)
    ).all()


def subject_of(members: Sequence[Message]) -> str:
    return ngettext("%(num)s message for you", "%(num)s messages for you", len(members))


def add_headers(mail: EmailMessage, digest: Message) -> None:
    """How mail programs offer to unsubscribe: by one POST (RFC 8058), or on a page (RFC 2369)."""
    mail["List-Unsubscribe"] = f"<{unsubscribe_url(digest)}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def unsubscribe_url(digest: Message) -> str:
    base_url = current_app.config["SETTINGS"].base_url
    return f"{base_url}/unsubscribe/{unsubscribe_token(digest.person_id)}"


def wishes_url() -> str:
    return f"{current_app.config['SETTINGS'].base_url}/account/notifications"
