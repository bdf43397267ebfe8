"""Reading people, institutions and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from flask import g, has_app_context
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ..foundation.clock import now
from ..foundation.database import db
from ..foundation.errors import Forbidden
from ..foundation.http.paging import Page
from .models import AuditEntry, Institution, Person, RoleGrant
from .rules import PROGRAMME, Action, Actor, Role, Scope, may, scopes_held, subject


def actor_of(person: Person) -> Actor:
    """The person as the permission table sees them now; read once per request."""
    known = _known_actors()
    if person.id not in known:
        rows = db.session.execute(_GRANTS, {"person_id": person.id, "today": now().date()})
        known[person.id] = _actor(person, rows)
    return known[person.id]


def person_who_acts(condition: ColumnElement[bool], **values: Any) -> Person | None:
    """The one person who meets the condition (with `values` for its parameters), with their institution.

    What they may do is read with them: a request that begins by this needs no second statement for it.
    """
    rows = db.session.execute(_WHO_ACTS.where(condition), {"today": now().date()} | values).all()
    if not rows:
        return None
    person: Person = rows[0][0]
    _known_actors()[person.id] = _actor(person, [row[1:] for row in rows if row[1]])
    return person


def _known_actors() -> dict[int, Actor]:
    known: dict[int, Actor] = g.setdefault("actors", {}) if has_app_context() else {}
    return known


def _actor(person: Person, grants: Iterable[Sequence[Any]]) -> Actor:
    held = frozenset((Role(role), Scope(kind, scope_id)) for role, kind, scope_id in grants)
    return Actor(person.id, person.institution_id, held)


_IS_LIVE = and_(
    or_(RoleGrant.starts_on.is_(None), RoleGrant.starts_on <= bindparam("today")),
    or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= bindparam("today")),
)
_GRANTS = select(RoleGrant.role, RoleGrant.scope_kind, RoleGrant.scope_id).where(
    RoleGrant.person_id == bindparam("person_id"), _IS_LIVE
)
_WHO_ACTS = (
    select(Person, RoleGrant.role, RoleGrant.scope_kind, RoleGrant.scope_id)
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, _IS_LIVE))
    .options(joinedload(Person.institution))
)


def holders_of(role: Role, scopes: list[Scope], today: date) -> list[int]:
    """Ids of the active people who hold `role` in any of `scopes` today."""
    return holders_of_any([role], scopes, today)


def holders_of_any(roles: Iterable[Role], scopes: list[Scope], today: date) -> list[int]:
    """Ids of the active people who hold one of the roles in any of `scopes` today."""
    ids = {f"scope_{place}": scope.id for place, scope in enumerate(scopes)}
    query = _holders(tuple(scope.kind for scope in scopes))
    return sorted(db.session.scalars(query, {"roles": list(roles), "today": today} | ids))


@lru_cache(maxsize=32)
def _holders(kinds: tuple[str, ...]) -> Select[int]:
    """The query of `holders_of_any` for scopes of these kinds. It holds no data, so that it may be kept."""
    within = [
        and_(RoleGrant.scope_kind == kind, RoleGrant.scope_id == bindparam(f"scope_{place}"))
        if kind != PROGRAMME.kind
        else RoleGrant.scope_kind == kind
        for place, kind in enumerate(kinds)
    ]
    return (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role.in_(bindparam("roles", expanding=True)),
            or_(*within),
            Person.suspended_at.is_(None),
            _IS_LIVE,
        )
        .distinct()
    )


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
