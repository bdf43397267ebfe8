"""Reading who is known to which provider."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from ...foundation.database import db
from ..models import Person
from .models import OpenidIdentity


def identity_of(issuer: str, subject: str) -> OpenidIdentity | None:
    """The identity that this provider means by this subject, locked for as long as the transaction lasts."""
    return db.session.scalar(
        select(OpenidIdentity)
        .where(OpenidIdentity.issuer == issuer, OpenidIdentity.subject == subject)
        .with_for_update()
    )


def identities_of(person: Person) -> Sequence[OpenidIdentity]:
    """Every identity of a person, the oldest first."""
    query = select(OpenidIdentity).where(OpenidIdentity.person_id == person.id)
    return db.session.scalars(query.order_by(OpenidIdentity.linked_at, OpenidIdentity.id)).all()


def ways_left(person: Person, without: int, issuers: Sequence[str]) -> int:
    """How many identities of these providers open the account besides one."""
    query = select(func.count(OpenidIdentity.id)).where(
        OpenidIdentity.person_id == person.id,
        OpenidIdentity.id != without,
        OpenidIdentity.issuer.in_(issuers),
    )
    return db.session.scalar(query) or 0
