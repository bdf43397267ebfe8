"""Who may do what now: people as the permission table sees them, and whoever holds a role or stands in for a holder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from flask import g, has_app_context
from sqlalchemy import ColumnElement, CompoundSelect, and_, bindparam, exists, or_, select, union
from sqlalchemy.orm import aliased, joinedload

from ..foundation.clock import now
from ..foundation.database import Code, db
from ..foundation.many import one_of, written
from .models import Deputy, Person, RoleGrant
from .rules import LENDABLE, PROGRAMME, Actor, Lent, Role, Scope


def actor_of(person: Person) -> Actor:
    """The person as the permission table sees them now, with the roles that they exercise for others; read once per
    request.
    """
    known = _known_actors()
    if person.id not in known:
        rows = db.session.execute(_GRANTS, {"person_id": person.id} | _moment(now())).all()
        known[person.id] = _actor(person, rows)
    return known[person.id]


def person_who_acts(condition: ColumnElement[bool], **values: Any) -> Person | None:
    """The one person who meets the condition (with `values` for its parameters), with their institution.

    What they may do is read with them: a request that begins by this needs no second statement for it.
    """
    rows = db.session.execute(_acting_where(condition), _moment(now()) | values).all()
    if not rows:
        return None
    person: Person = rows[0][0]
    _known_actors()[person.id] = _actor(person, [row[1:] for row in rows])
    return person


def forget_actors() -> None:
    """What was read of anybody's grants in this request may hold no more: deputies have those of others."""
    _known_actors().clear()


def _known_actors() -> dict[int, Actor]:
    known: dict[int, Actor] = g.setdefault("actors", {}) if has_app_context() else {}
    return known


def _actor(person: Person, grants: Iterable[Sequence[Any]]) -> Actor:
    """An actor from rows of a role's holder, role and scope; nothing but None where there is no role."""
    rows = {
        (holder_id, Role(role), Scope(kind, scope_id))
        for holder_id, role, kind, scope_id in grants
        if role
    }
    own = {(role, scope) for holder_id, role, scope in rows if holder_id == person.id}
    return Actor(
        person.id,
        person.institution_id,
        frozenset((role, scope) for _, role, scope in rows),
        frozenset(
            Lent(role, scope, holder_id)
            for holder_id, role, scope in rows
            if (role, scope) not in own
        ),
    )


def _moment(at: datetime) -> dict[str, Any]:
    """Parameters of the conditions below."""
    return {"today": at.date(), "moment": at}


IS_LIVE = and_(
    or_(RoleGrant.starts_on.is_(None), RoleGrant.starts_on <= bindparam("today")),
    or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= bindparam("today")),
)
_Holder = aliased(Person)
_STANDS_IN = and_(
    Deputy.starts_at <= bindparam("moment", type_=Deputy.starts_at.type),
    Deputy.ends_at > bindparam("moment", type_=Deputy.starts_at.type),
    Deputy.withdrawn_at.is_(None),
    exists().where(_Holder.id == Deputy.person_id, _Holder.suspended_at.is_(None)),
)
#: Of the roles of whoever is away, those that are lent. Only grants are: a deputy's deputy has nothing.
_IS_LENT = and_(
    RoleGrant.person_id == Deputy.person_id,
    or_(Deputy.grant_id.is_(None), Deputy.grant_id == RoleGrant.id),
    one_of(RoleGrant.role, sorted(LENDABLE)),
)
_HELD = (RoleGrant.person_id, RoleGrant.role, RoleGrant.scope_kind, RoleGrant.scope_id)


def _with_grants(query: Any) -> Any:
    """A query of people, each with what was granted to them and what is lent, in one statement."""
    return query.outerjoin(
        Deputy, and_(Deputy.deputy_id == Person.id, Person.suspended_at.is_(None), _STANDS_IN)
    ).outerjoin(RoleGrant, and_(IS_LIVE, or_(RoleGrant.person_id == Person.id, _IS_LENT)))


_GRANTS = _with_grants(
    select(*_HELD).select_from(Person).where(Person.id == bindparam("person_id"))
)
_WHO_ACTS = _with_grants(
    select(Person, *_HELD).select_from(Person).options(joinedload(Person.institution))
)


@cache
def _acting_where(condition: ColumnElement[bool]) -> Any:
    """The statement for a condition of a loader, made once for each of them."""
    return _WHO_ACTS.where(condition)


def holders_of(
    role: Role, scopes: list[Scope], today: date, *, besides: int | None = None
) -> list[int]:
    """Ids of the active people who hold `role` in any of `scopes` today, and of those who stand in for them now.

    `besides`: a person who is not asked, nor is anybody for them.
    """
    return holders_of_any([role], scopes, today, besides=besides)


def holders_of_any(
    roles: Iterable[Role], scopes: list[Scope], today: date, *, besides: int | None = None
) -> list[int]:
    """The same of whoever holds one of the roles."""
    ids = {f"scope_{place}": scope.id for place, scope in enumerate(scopes)}
    asked = {f"role_{place}": role for place, role in enumerate(roles)}
    query = _holders(len(asked), tuple(scope.kind for scope in scopes))
    values = {"besides": besides or 0} | _moment(now()) | {"today": today}
    return sorted(db.session.scalars(query, values | asked | ids))


@lru_cache(maxsize=32)
def _holders(roles: int, kinds: tuple[str, ...]) -> CompoundSelect[Any]:
    """The query of `holders_of_any` for so many roles and scopes of these kinds. It holds no data: it may be kept."""
    within = [
        and_(
            RoleGrant.scope_kind == written(kind),
            RoleGrant.scope_id == bindparam(f"scope_{place}"),
        )
        if kind != PROGRAMME.kind
        else RoleGrant.scope_kind == written(kind)
        for place, kind in enumerate(kinds)
    ]
    fitting = and_(
        one_of(RoleGrant.role, (bindparam(f"role_{place}", type_=Code) for place in range(roles))),
        or_(*within),
        RoleGrant.person_id != bindparam("besides"),
        Person.suspended_at.is_(None),
        Person.id != bindparam("besides"),
        IS_LIVE,
    )
    own = select(Person.id).join(RoleGrant, RoleGrant.person_id == Person.id).where(fitting)
    lent = (
        select(Person.id)
        .join(Deputy, and_(Deputy.deputy_id == Person.id, _STANDS_IN))
        .join(RoleGrant, _IS_LENT)
        .where(fitting)
    )
    return union(own, lent)
