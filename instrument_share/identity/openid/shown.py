"""Ways to sign in as people see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ...oidc_settings import OidcProvider
from ..models import Person
from .models import OpenidIdentity
from .providers import offered, title_of
from .queries import identities_of
from .rules import orcid_of


@dataclass(frozen=True, slots=True)
class ShownIdentity:
    """A linked identity in its owner's list: at which provider, and as whom."""

    id: int
    provider: str
    known_as: str
    linked_on: date
    used_on: date | None


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody may sign in besides by password, and what else could be linked."""

    linked: Sequence[ShownIdentity]
    offered: Sequence[OidcProvider]

    @property
    def any(self) -> bool:
        return bool(self.linked or self.offered)


def ways_of(person: Person) -> Ways:
    rows = identities_of(person)
    taken = {row.issuer for row in rows}
    return Ways(
        [_identity_shown(row) for row in rows],
        [each for each in offered() if each.issuer not in taken],
    )


def known_as(issuer: str, subject: str, email: str) -> str:
    """What tells an identity from others of the same provider, in words that its owner knows."""
    return orcid_of(issuer, subject) or email or subject


def _identity_shown(row: OpenidIdentity) -> ShownIdentity:
    return ShownIdentity(
        row.id, title_of(row.issuer), known_as(row.issuer, row.subject, row.email),
        row.linked_at.date(), row.used_at.date() if row.used_at else None,
    )  # fmt: skip
