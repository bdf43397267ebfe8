"""Reading people, institutions and what they may do."""

from __future__ import annotations

from datetime import date

from flask import g, has_app_context
from sqlalchemy import or_, select

from ..foundation.clock import now
from ..foundation.database import db
from .models import Institution, Person, RoleGrant
from .rules import Actor, Role, Scope


def actor_of(person: Person) -> Actor:
    """The person as the permission table sees them now; read once per request."""
    known: dict[int, Actor] = g.setdefault("actors", {}) if has_app_context() else {}
    if person.id not in known:
        known[person.id] = Actor(person.id, person.institution_id, _live_grants(person.id, now().date()))
    return known[person.id]


def _live_grants(person_id: int, today: date) -> frozenset[tuple[Role, Scope]]:
    rows = db.session.execute(
        select(RoleGrant.role, RoleGrant.scope_kind, RoleGrant.scope_id).where(
            RoleGrant.person_id == person_id,
            or_(RoleGrant.starts_on.is_(None), RoleGrant.starts_on <= today),
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
        )
    )
    return frozenset((Role(role), Scope(kind, scope_id)) for role, kind, scope_id in rows)


def holders_of(role: Role, scopes: list[Scope], today: date) -> list[int]:
    """Ids of the active people who hold `role` in any of `scopes` today."""
    within = [
        (RoleGrant.scope_kind == scope.kind) & (RoleGrant.scope_id == scope.id if scope.id else RoleGrant.scope_id.is_(None))
        for scope in scopes
    ]
    rows = db.session.scalars(
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role == role,
            or_(*within),
            Person.suspended_at.is_(None),
            or_(RoleGrant.starts_on.is_(None), RoleGrant.starts_on <= today),
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
        )
        .distinct()
    )
    return sorted(rows)


def person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def institution_by_slug(slug: str) -> Institution | None:
    return db.session.scalar(select(Institution).where(Institution.slug == slug))
