"""Mails to people who may have no account: whom they go to stands in the message's facts, until it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.http.show import localized
from ..identity.called import called
from ..identity.invitations.links import address_of
from ..identity.invitations.models import Invitation
from ..identity.invitations.rules import LIFE
from .models import Message
from .rules import Kind


@dataclass(frozen=True, slots=True)
class Guest:
    """The reader of a mail, as far as they are known."""

    display_name: str
    email: str
    language: str
    time_zone: str


def facts_of_invitation(invitation: Invitation) -> dict[str, Any]:
    """What the mail tells. The link is no fact: it is signed when the mail is written."""
    return {
        "invitation": invitation.id,
        "guest": {
            "display_name": invitation.name,
            "email": invitation.email,
            "language": invitation.language,
            "time_zone": invitation.institution.time_zone,
        },
        "inviter": invitation.invited_by.display_name,
        "institution": dict(invitation.institution.names),
    }


def is_for_guest(message: Message) -> bool:
    """Whether the message is for somebody else than its person, who has no account yet."""
    return bool(message.kind == Kind.INVITATION)


def guest_of(message: Message) -> Guest:
    """Whom a message that `is_for_guest` goes to."""
    return Guest(**message.facts["guest"])


def names_of(message: Message) -> dict[str, str]:
    """What the words of an invitation leave open."""
    facts = message.facts
    institution = localized(facts["institution"])
    return {"inviter": called(facts["inviter"]), "institution": institution, "days": str(LIFE.days)}


def url_of(message: Message) -> str:
    """The link of the invitation."""
    return address_of(message.facts["invitation"], message.facts["guest"]["email"])
