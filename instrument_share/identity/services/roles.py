"""Trust in people: vouching, roles, suspension. Each asks the permission table about the very object."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from ...foundation.database import db
from ...foundation.errors import Forbidden, NotFound
from ...foundation.signals import vouching_changed
from .. import audit
from ..acting import actor_of, forget_actors
from ..errors import AlreadyGranted, OwnAdministration
from ..lockout import lock_out
from ..models import Person, RoleGrant
from ..rules import Permission, Role, Scope, Subject, Verification, may, may_grant, subject
from ..turns import take_turn_over_administrators
from ..values import ALWAYS, Days
from .deputies import end_deputies_of

#: What covers nothing but the programme itself.
EVERYTHING = subject()


def vouch(person_id: int, *, by: Person, at: datetime) -> Person:
    """A liaison vouches for somebody of their institution, who may book from now on.

    Raises NotFound for people whom the liaison does not look after.
    """
    person = _person(person_id, to_change=True)
    if not may(actor_of(by), Permission.VOUCH, belonging(person)):
        raise NotFound()
    if person.verification != Verification.VOUCHED and person.institution_id is not None:
        person.verification = Verification.VOUCHED
        write_grant(
            person, Role.RESEARCHER, Scope("institution", person.institution_id), by=by, at=at
        )
        audit.record("account.vouch", "person", person.id, by=by.id, at=at)
        vouching_changed.send(person, what="given", by=by, at=at, reason="")
    db.session.flush()
    return person


def grant_role(
    person: Person,
    role: Role,
    scope: Scope,
    *,
    by: Person | None,
    at: datetime,
    over: Subject = EVERYTHING,
    days: Days = ALWAYS,
) -> RoleGrant:
    """Give somebody a role within a scope on some days; `by` None is whoever runs the site, at the command line.

    `over` is the place of the scope as the permission table sees it. A role whose days are over is given anew.
    A deputy gives themself none that outlasts the absence. Raises Forbidden, AlreadyGranted.
    """
    if by is not None:
        actor = actor_of(by).by_themselves() if by.id == person.id else actor_of(by)
        if not may_grant(actor, role, over):
            raise Forbidden()
    present = _grant_of(person, role, scope)
    if present is not None and (present.ends_on is None or present.ends_on >= at.date()):
        raise AlreadyGranted()
    if present is not None:
        db.session.delete(present)
        db.session.flush()
    return write_grant(person, role, scope, by=by, at=at, days=days)


def withdraw_role(
    grant_id: int, *, by: Person, at: datetime, over: Subject = EVERYTHING
) -> RoleGrant:
    """Take a role back, at once. Raises Forbidden, NotFound, OwnAdministration."""
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None:
        raise NotFound()
    if grant.role == Role.ADMINISTRATOR:
        take_turn_over_administrators(by)
    if not may_grant(actor_of(by), Role(grant.role), over):
        raise Forbidden()
    if grant.role == Role.ADMINISTRATOR and grant.person_id == by.id:
        raise OwnAdministration()
    gone = delete(RoleGrant).where(RoleGrant.id == grant_id).returning(RoleGrant.id)
    if db.session.scalar(gone) is None:
        raise NotFound()
    forget_actors()
    audit.record(
        "role.withdraw", "person", grant.person_id, by=by.id, at=at,
        role=grant.role, scope=grant.scope_kind, scope_id=grant.scope_id,
    )  # fmt: skip
    return grant


def suspend(person_id: int, *, by: Person, at: datetime) -> Person:
    """End every session and token of an account, and let nobody into it. Raises Forbidden, NotFound."""
    take_turn_over_administrators(by)
    _check_may_grant(by)
    return suspended(_person(person_id, to_change=True), by=by, at=at)


def suspended(person: Person, *, by: Person, at: datetime, **why: str) -> Person:
    """The account is closed; whether `by` may do that was asked before."""
    person.suspended_at = at
    ended = lock_out(person, by=by, at=at)
    end_deputies_of(person.id, at)
    audit.record("account.suspend", "person", person.id, by=by.id, at=at, **why, **ended)
    db.session.flush()
    return person


def reinstate(person_id: int, *, by: Person, at: datetime) -> Person:
    """Open a suspended account again; its tokens stay void. Raises Forbidden, NotFound."""
    _check_may_grant(by)
    person = _person(person_id, to_change=True)
    if person.erased_at is not None:
        raise NotFound()
    return reinstated(person, by=by, at=at)


def reinstated(person: Person, *, by: Person, at: datetime) -> Person:
    """The account is open again; whether `by` may do that was asked before."""
    person.suspended_at = None
    audit.record("account.reinstate", "person", person.id, by=by.id, at=at)
    db.session.flush()
    return person


def write_grant(
    person: Person,
    role: Role,
    scope: Scope,
    *,
    by: Person | None,
    at: datetime,
    days: Days = ALWAYS,
) -> RoleGrant:
    """The row of a grant, once; whether `by` may give it was asked before."""
    present = _grant_of(person, role, scope)
    if present is not None:
        return present
    grant = RoleGrant(
        person_id=person.id, role=role, scope_kind=scope.kind, scope_id=scope.id,
        granted_by_id=by.id if by else None, granted_at=at,
        starts_on=days.first, ends_on=days.last,
    )  # fmt: skip
    db.session.add(grant)
    db.session.flush()
    forget_actors()
    audit.record(
        "role.grant", "person", person.id, by=by.id if by else None, at=at,
        role=role, scope=scope.kind, scope_id=scope.id, **days.as_details(),
    )  # fmt: skip
    return grant


def belonging(person: Person) -> Subject:
    """A person as the permission table sees them: they belong to their institution."""
    own = (Scope("institution", person.institution_id),) if person.institution_id else ()
    return subject(owner_id=person.id, payer=own, host=own)


def _check_may_grant(by: Person) -> None:
    if not may(actor_of(by), Permission.GRANT_ROLE, subject()):
        raise Forbidden()


def _person(person_id: int, *, to_change: bool = False) -> Person:
    how = {"key_share": True} if to_change else None
    person = db.session.get(Person, person_id, with_for_update=how, populate_existing=to_change)
    if person is None:
        raise NotFound()
    return person


def _grant_of(person: Person, role: Role, scope: Scope) -> RoleGrant | None:
    return db.session.scalar(
        select(RoleGrant).where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == role,
            RoleGrant.scope_kind == scope.kind,
            RoleGrant.scope_id == scope.id if scope.id else RoleGrant.scope_id.is_(None),
        )
    )
