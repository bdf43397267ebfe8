"""What becomes of an invitation. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: How long an invitation can be accepted.
LIFE = timedelta(days=14)


class InvitationState(StrEnum):
    """Only an `open` one can be accepted; a `void` one has nobody any more who stands behind it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom a liaison invites; `email` folded to lower case, `language` that of the mail."""

    email: str
    name: str = ""
    language: str = "en"


def state_of(
    expires_at: datetime, accepted_at: datetime | None, withdrawn_at: datetime | None, at: datetime
) -> InvitationState:
    """What an invitation is at a moment by its own dates; at its last instant it has expired."""
    if accepted_at is not None:
        return InvitationState.ACCEPTED
    if withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.OPEN if at < expires_at else InvitationState.EXPIRED
