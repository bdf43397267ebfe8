"""Reading who holds a role at a place, and why somebody may do something there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from ...foundation.database import db
from ...identity.acting import actor_of
from ...identity.models import Person, RoleGrant
from ...identity.rules import PROGRAMME, Ground, Permission, Role, grounds
from .places import Place


@dataclass(frozen=True, slots=True)
class Reason:
    """A permission and every ground on which somebody is allowed it; without one they are not."""

    permission: Permission
    grounds: list[Ground]


def grants_at(place: Place) -> Sequence[RoleGrant]:
    """Every grant that holds at the place, given for it or for what covers it; with the people, by role."""
    covers = [
        and_(RoleGrant.scope_kind == scope.kind, RoleGrant.scope_id == scope.id)
        for scope in place.covering
    ]
    query = (
        select(RoleGrant)
        .join(RoleGrant.person)
        .where(or_(RoleGrant.scope_kind == PROGRAMME.kind, *covers))
        .options(joinedload(RoleGrant.person).joinedload(Person.institution))
        .order_by(RoleGrant.role, Person.display_name, RoleGrant.id)
    )
    if place.scope.kind == "institution":
        # Its people are listed at /manage/people.
        query = query.where(RoleGrant.role != Role.RESEARCHER)
    return db.session.scalars(query).all()


def reasons_of(person: Person, place: Place) -> list[Reason]:
    """What the person may do at the place and why, one permission after the other."""
    actor = actor_of(person)
    return [
        Reason(permission, grounds(actor, permission, place.subject)) for permission in Permission
    ]
