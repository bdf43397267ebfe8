"""Giving a role for a place and taking it back."""

from __future__ import annotations

from datetime import datetime

from ...foundation.database import db
from ...foundation.errors import NotFound
from ...identity.acting import actor_of
from ...identity.models import Person, RoleGrant
from ...identity.queries import person_by_email
from ...identity.rules import Permission, Scope, may, may_grant
from ...identity.services import grant_role, withdraw_role
from .errors import NobodyThere, RoleDoesNotFit
from .places import Place, place_at, place_of
from .rules import FITTING
from .values import RoleRequest


def give_role(request: RoleRequest, address: str, *, by: Person, at: datetime) -> RoleGrant:
    """Give somebody a role for the place at `address`.

    Raises NotFound where `by` may not see the place's roles, Forbidden, RoleDoesNotFit, NobodyThere, AlreadyGranted.
    """
    place = seen_place(address, by)
    if place.scope.kind not in FITTING[request.role]:
        raise RoleDoesNotFit()
    person = person_by_email(request.email)
    # Who may not give the role here learns nothing about accounts: that is refused first.
    if person is None and may_grant(actor_of(by), request.role, place.subject):
        raise NobodyThere()
    return grant_role(
        person or by, request.role, place.scope,
        by=by, at=at, over=place.subject, days=request.days,
    )  # fmt: skip


def take_role(grant_id: int, *, by: Person, at: datetime) -> RoleGrant:
    """Take a role back. Raises NotFound where `by` may not see it, Forbidden, OwnAdministration."""
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None:
        raise NotFound()
    place = place_of(Scope(grant.scope_kind, grant.scope_id))
    _check_seen(place, by)
    return withdraw_role(grant_id, by=by, at=at, over=place.subject)


def seen_place(address: str, by: Person) -> Place:
    """The place, when the person may see who holds a role there. Raises NotFound."""
    place = place_at(address)
    _check_seen(place, by)
    return place


def _check_seen(place: Place, by: Person) -> None:
    if not may(actor_of(by), Permission.SEE_ROLES, place.subject):
        raise NotFound()
