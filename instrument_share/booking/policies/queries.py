"""Reading policies: the versions of a place, its draft, and what holds there now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from ...foundation.database import db
from ...identity.rules import Scope
from .in_force import InForce, activated_under, binding_above, nearest
from .models import ApprovalPolicy
from .places import Place


def versions_of(place: Place) -> Sequence[ApprovalPolicy]:
    """Every version that was activated there, the latest first."""
    return db.session.scalars(
        _of(place)
        .where(ApprovalPolicy.activated_at.is_not(None))
        .options(joinedload(ApprovalPolicy.created_by), joinedload(ApprovalPolicy.activated_by))
        .order_by(ApprovalPolicy.version.desc())
    ).all()


def draft_of(place: Place) -> ApprovalPolicy | None:
    return db.session.scalar(_of(place).where(ApprovalPolicy.activated_at.is_(None)))


def scopes_with_drafts() -> frozenset[Scope]:
    """Where somebody began to write a policy that decides nothing yet."""
    rows = db.session.execute(
        select(ApprovalPolicy.scope_kind, ApprovalPolicy.scope_id).where(
            ApprovalPolicy.activated_at.is_(None)
        )
    )
    return frozenset(Scope(row.scope_kind, row.scope_id) for row in rows)


def in_force_at(place: Place, at: datetime) -> InForce:
    """What decides there now: its own version, a wider one, or the built-in policy."""
    return nearest(activated_under(place.host.id), place.scopes, at)


def binding_at(place: Place, at: datetime) -> Sequence[InForce]:
    """What is asked there in any case: the binding policies above it, the nearest first."""
    return binding_above(activated_under(place.host.id), place.scopes, at)


def in_force_everywhere(places: Sequence[Place], at: datetime) -> list[tuple[Place, InForce]]:
    """The same for many places, in one statement for each host."""
    activated = {key: activated_under(key) for key in {place.host.id for place in places}}
    return [(each, nearest(activated[each.host.id], each.scopes, at)) for each in places]


def _of(place: Place) -> Select[ApprovalPolicy]:
    return select(ApprovalPolicy).where(
        ApprovalPolicy.scope_kind == place.scope.kind, ApprovalPolicy.scope_id == place.scope.id
    )
