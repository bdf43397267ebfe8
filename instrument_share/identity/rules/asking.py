"""Asking the permission table. Pure: all that counts comes with the actor and the subject."""

from __future__ import annotations

from dataclasses import dataclass

from .actors import Actor, Reach, Scope, Subject
from .table import GRANTED_BY, PERMISSIONS, Permission, Who
from .words import Role


def may(actor: Actor | None, permission: Permission, about: Subject) -> bool:
    """Whether `actor` is allowed `permission` on `about`. Nobody signed in is allowed nothing."""
    return actor is not None and any(_fits(actor, who, about) for who in PERMISSIONS[permission])


def may_judge(actor: Actor | None, permission: Permission, about: Subject) -> bool:
    """The same for decisions: nobody makes one in their own matter, and no deputy in that of whom they stand in for."""
    if actor is None or about.owner_id is None:
        return may(actor, permission, about)
    return about.owner_id != actor.person_id and may(
        actor.without(about.owner_id), permission, about
    )


def may_grant(actor: Actor, role: Role, over: Subject) -> bool:
    """Whether `actor` gives `role`, and takes it back, over the place that `over` covers."""
    givers = GRANTED_BY.get(role, PERMISSIONS[Permission.GRANT_ROLE])
    return any(_fits(actor, who, over) for who in givers)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody may do something: as `anyone`, as `owner`, or by `role` held within `scope`."""

    side: str
    role: Role | None = None
    scope: Scope | None = None


def grounds(actor: Actor, permission: Permission, about: Subject) -> list[Ground]:
    """Every reason for which `actor` is allowed `permission` on `about`; none where they are not."""
    return [ground for who in PERMISSIONS[permission] for ground in _grounds_in(actor, who, about)]


def _grounds_in(actor: Actor, who: Who, about: Subject) -> list[Ground]:
    if who.role is None:
        return [Ground(who.side)] if _fits(actor, who, about) else []
    covering = about.host if who.side == "host" else about.payer
    held = [scope for scope in covering if (who.role, scope) in actor.grants]
    return [Ground(who.side, who.role, scope) for scope in sorted(held, key=lambda each: each.kind)]


def acts_for(actor: Actor, permission: Permission, about: Subject) -> int | None:
    """Whose deputy the actor is when they do what they may: None where they may by themselves."""
    if not actor.lent or may(actor.by_themselves(), permission, about):
        return None
    sides = {"host": about.host, "payer": about.payer}
    holders = (
        actor.stands_in_for(who.role, *sides[who.side])
        for who in PERMISSIONS[permission]
        if who.role is not None
    )
    return min((each for each in holders if each is not None), default=None)


def scopes_held(actor: Actor, permission: Permission, side: str) -> Reach:
    """The scopes within which the actor is allowed the permission by a role on that side: for list filters."""
    roles = {who.role for who in PERMISSIONS[permission] if who.side == side}
    return Reach(scope for role, scope in actor.grants if role in roles)


def may_somewhere(actor: Actor, permission: Permission) -> bool:
    """Whether a role of theirs allows the permission anywhere at all: for menus and pages that list."""
    return any(scopes_held(actor, permission, side) for side in ("host", "payer"))


def _fits(actor: Actor, who: Who, about: Subject) -> bool:
    if who.side == "anyone":
        return True
    if who.side == "owner":
        return about.owner_id == actor.person_id
    scopes = about.host if who.side == "host" else about.payer
    return who.role is not None and actor.holds(who.role, *scopes)
