"""Reading people, institutions, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from ..foundation.database import db
from ..foundation.errors import Forbidden
from ..foundation.http.paging import Page
from .acting import IS_LIVE, actor_of
from .models import Deputy, Institution, Person, RoleGrant
from .rules import LENDABLE, Permission, is_mail_of, may, scopes_held, subject


def deputies_named_by(person: Person, at: datetime) -> Sequence[Deputy]:
    """Who stands in for the person now or later, the next first."""
    return _deputies(Deputy.person_id == person.id, at)


def represented_by(person: Person, at: datetime) -> Sequence[Deputy]:
    """For whom the person stands in now or later, the next first."""
    return _deputies(Deputy.deputy_id == person.id, at)


def _deputies(whose: ColumnElement[bool], at: datetime) -> Sequence[Deputy]:
    return db.session.scalars(
        select(Deputy)
        .where(whose, Deputy.withdrawn_at.is_(None), Deputy.ends_at > at)
        .options(joinedload(Deputy.person), joinedload(Deputy.deputy), joinedload(Deputy.grant))
        .order_by(Deputy.starts_at, Deputy.id)
    ).all()


def lendable_grants(person: Person, at: datetime) -> Sequence[RoleGrant]:
    """The roles of the person that a deputy can exercise."""
    query = (
        select(RoleGrant)
        .where(RoleGrant.person_id == person.id, RoleGrant.role.in_(LENDABLE), IS_LIVE)
        .order_by(RoleGrant.role, RoleGrant.scope_kind, RoleGrant.id)
    )
    return db.session.scalars(query, {"today": at.date()}).all()


def person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def institution_by_slug(slug: str) -> Institution | None:
    return db.session.scalar(select(Institution).where(Institution.slug == slug))


def institutions() -> Sequence[Institution]:
    """Every institution, for choosing one."""
    return db.session.scalars(select(Institution).order_by(Institution.slug)).all()


def institution_of_mail(email: str) -> Institution | None:
    """The institution that gives out addresses of this domain."""
    return next((each for each in institutions() if is_mail_of(email, each.mail_domains)), None)


def people_looked_after_by(
    person: Person, page: int = 1, page_size: int = 50, *, called: str = ""
) -> Page[Person]:
    """Whom the person may vouch for or administer, those who wait to be vouched for first; `called` is a part of
    the name or of the mail address.
    """
    query = select(Person).where(Person.erased_at.is_(None), _looked_after_by(person))
    if called:
        query = query.where(_is_called(called))
    total = db.session.scalar(query.with_only_columns(func.count(Person.id))) or 0
    rows = db.session.scalars(
        query.options(joinedload(Person.institution), selectinload(Person.grants))
        .order_by(Person.verification, Person.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return Page(rows.all(), total, page, page_size)


def _looked_after_by(person: Person) -> ColumnElement[bool]:
    """Condition on Person: everybody for who gives roles, a liaison's own institutions. Raises Forbidden for others."""
    actor = actor_of(person)
    if may(actor, Permission.GRANT_ROLE, subject()):
        return true()
    own = scopes_held(actor, Permission.VOUCH, "payer").ids("institution")
    if not own:
        raise Forbidden()
    return Person.institution_id.in_(own)


def _is_called(words: str) -> ColumnElement[bool]:
    return or_(
        Person.display_name.icontains(words, autoescape=True),
        Person.email.contains(words.lower(), autoescape=True),
    )


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Display names by id, in one query."""
    rows = db.session.execute(
        select(Person.id, Person.display_name).where(Person.id.in_(set(person_ids)))
    )
    return {row.id: row.display_name for row in rows}
