"""Reading people, institutions and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from flask import g, has_app_context
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ..foundation.clock import now
from ..foundation.database import db
from ..foundation.errors import Forbidden
from ..foundation.http.paging import Page
from .models import AuditEntry, Institution, Person, RoleGrant
from .rules import Action, Actor, Role, Scope, may, scopes_held, subject


def actor_of(person: Person) -> Actor:
    """The person as the permission table sees them now; read once per request."""
    known: dict[int, Actor] = g.setdefault("actors", {}) if has_app_context() else {}
    if person.id not in known:
        known[person.id] = Actor(
            person.id, person.institution_id, _live_grants(person.id, now().date())
        )
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
        (RoleGrant.scope_kind == scope.kind)
        & (RoleGrant.scope_id == scope.id if scope.id else RoleGrant.scope_id.is_(None))
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


def institutions() -> Sequence[Institution]:
    """Every institution, for choosing one."""
    return db.session.scalars(select(Institution).order_by(Institution.slug)).all()


def people_looked_after_by(person: Person, page: int = 1, page_size: int = 50) -> Page[Person]:
    """Whom the person may vouch for or administer, those who wait to be vouched for first."""
    actor = actor_of(person)
    query = select(Person)
    if not may(actor, Action.GRANT_ROLE, subject()):
        own = [
            scope.id
            for scope in scopes_held(actor, Action.VOUCH, "payer")
            if scope.kind == "institution"
        ]
        if not own:
            raise Forbidden()
        query = query.where(Person.institution_id.in_(own))
    total = db.session.scalar(query.with_only_columns(func.count(Person.id))) or 0
    rows = db.session.scalars(
        query.options(joinedload(Person.institution), selectinload(Person.grants))
        .order_by(Person.verification, Person.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return Page(rows.all(), total, page, page_size)


def trail(person: Person, page: int = 1, page_size: int = 50) -> Page[AuditEntry]:
    """The audit trail, the latest first. Raises Forbidden."""
    if not may(actor_of(person), Action.SEE_AUDIT, subject()):
        raise Forbidden()
    total = db.session.scalar(select(func.count(AuditEntry.sequence))) or 0
    rows = db.session.scalars(
        select(AuditEntry)
        .order_by(AuditEntry.sequence.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return Page(rows.all(), total, page, page_size)


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Display names by id, in one query."""
    rows = db.session.execute(
        select(Person.id, Person.display_name).where(Person.id.in_(set(person_ids)))
    )
    return {row.id: row.display_name for row in rows}
