"""Support sees the site as somebody else sees it; each time stands in the audit trail."""

from __future__ import annotations

from datetime import datetime

from ...foundation.database import db
from ...foundation.errors import NotFound
from .. import audit
from ..acting import actor_of
from ..models import Person
from ..rules import Permission, Role, may
from .roles import belonging


def view_as(person_id: int, *, by: Person, at: datetime) -> Person:
    """Begin to view the site as somebody else.

    Raises NotFound where `by` may not: a suspended account, oneself, and whoever oversees the site are not viewed.
    """
    person = viewable(person_id, by)
    if person is None:
        raise NotFound()
    audit.record("account.view_as", "person", person.id, by=by.id, at=at)
    return person


def viewing_ended(person_id: int, *, by: Person, at: datetime) -> None:
    """`by` is themself again."""
    audit.record("account.viewing_ended", "person", person_id, by=by.id, at=at)


def viewable(person_id: int, by: Person) -> Person | None:
    """The person, while `by` may view the site as them."""
    person = db.session.get(Person, person_id)
    if person is None or person.id == by.id or not person.is_active:
        return None
    overseeing = (Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER)
    if any(role in overseeing for role, _ in actor_of(person).grants):
        return None
    return person if may(actor_of(by), Permission.VIEW_AS, belonging(person)) else None
