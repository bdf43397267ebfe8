"""What a message about an account tells: a secret that was asked for, an invitation, a deputy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ...foundation.localized import LocalizedText
from ...identity.called import called
from ...identity.invitations.models import Invitation
from ...identity.models import Deputy


@dataclass(frozen=True, slots=True)
class SecretFacts:
    """The secret of the link that proves who reads the mail."""

    secret: str

    def kept(self) -> dict[str, Any]:
        return {"secret": self.secret}

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> SecretFacts:
        """Empty once the mail is sent: the secret is forgotten then."""
        return cls(facts.get("secret", ""))


@dataclass(frozen=True, slots=True)
class Guest:
    """The reader of a mail who may have no account, as far as they are known."""

    display_name: str
    email: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """Who invites whom, and where to. The link is no fact: it is signed when the mail is written."""

    invitation_id: int
    guest: Guest
    inviter: str
    institution: LocalizedText

    @classmethod
    def of(cls, invitation: Invitation) -> InvitationFacts:
        institution = invitation.institution
        guest = Guest(invitation.name, invitation.email, invitation.language, institution.time_zone)
        return cls(invitation.id, guest, invitation.invited_by.display_name, institution.names)

    def kept(self) -> dict[str, Any]:
        return {
            "invitation": self.invitation_id,
            "guest": asdict(self.guest),
            "inviter": self.inviter,
            "institution": dict(self.institution),
        }

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> InvitationFacts:
        return cls(
            facts["invitation"],
            Guest(**facts["guest"]),
            called(facts["inviter"]),
            facts["institution"],
        )


@dataclass(frozen=True, slots=True)
class DeputyFacts:
    """Who is away from which day to which (on their own clock), and in which role (empty: in all of theirs)."""

    person: str
    role: str
    first_day: date
    last_day: date
    time_zone: str

    @classmethod
    def of(cls, deputy: Deputy) -> DeputyFacts:
        role = deputy.grant.role if deputy.grant else ""
        return cls(
            deputy.person.display_name, role, deputy.first_day, deputy.last_day, deputy.time_zone
        )

    def kept(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "role": self.role,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "time_zone": self.time_zone,
        }

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> DeputyFacts:
        first, last = (date.fromisoformat(facts[day]) for day in ("first_day", "last_day"))
        return cls(called(facts["person"]), facts["role"], first, last, facts["time_zone"])
