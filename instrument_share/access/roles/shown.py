"""Roles as their page shows them, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext

from ...foundation.http.show import localized
from ...foundation.localized import LocalizedText
from ...identity.labels import ALLOWS, ROLES, SCOPES
from ...identity.models import RoleGrant
from ...identity.rules import (
    PERMISSIONS,
    PROGRAMME,
    Actor,
    Ground,
    Permission,
    Role,
    Scope,
    may_grant,
)
from .places import Place
from .queries import Reason


def place_options(places: Sequence[Place]) -> list[tuple[str, str]]:
    """Choices for the page's first question."""
    return [(place.address, place_name(place)) for place in places]


def place_name(place: Place) -> str:
    return scope_name(place.scope, place.names)


def scope_name(scope: Scope, names: LocalizedText | None) -> str:
    """A place in words."""
    if scope == PROGRAMME:
        return gettext("The whole programme")
    return localized(names) if names else str(SCOPES[scope.kind])


def rows_of(
    grants: Sequence[RoleGrant],
    names: dict[Scope, LocalizedText],
    givers: dict[int, str],
    actor: Actor,
    place: Place,
    today: date,
) -> list[dict[str, Any]]:
    """A row for each grant. Only what was given for this very place is taken back here."""
    return [
        {
            "grant": grant,
            "role": ROLES[grant.role],
            "where": scope_name(_scope(grant), names.get(_scope(grant))),
            "inherited": _scope(grant) != place.scope,
            "over": grant.ends_on is not None and grant.ends_on < today,
            "ahead": grant.starts_on is not None and grant.starts_on > today,
            "giver": givers.get(grant.granted_by_id or 0, ""),
            "can_be_taken": _scope(grant) == place.scope
            and may_grant(actor, Role(grant.role), place.subject),
        }
        for grant in grants
    ]


def reasons_shown(
    reasons: Sequence[Reason], names: dict[Scope, LocalizedText]
) -> list[dict[str, Any]]:
    """Each permission with the grounds for it as sentences; what is not allowed comes last."""
    rows = [
        {
            "action": ALLOWS[reason.permission],
            "allowed": bool(reason.grounds),
            "why": [_ground_told(ground, names) for ground in reason.grounds],
        }
        for reason in reasons
    ]
    return sorted(rows, key=lambda row: not row["allowed"])


def table_of_roles() -> list[dict[str, Any]]:
    """What each role may do, as the permission table has it."""
    return [
        {"role": ROLES[role], "actions": [ALLOWS[permission] for permission in _allowed_to(role)]}
        for role in Role
    ]


def _allowed_to(role: Role) -> list[Permission]:
    return [
        permission
        for permission in Permission
        if any(who.role == role for who in PERMISSIONS[permission])
    ]


def _ground_told(ground: Ground, names: dict[Scope, LocalizedText]) -> str:
    if ground.role is None or ground.scope is None:
        return gettext("Everybody who is signed in may.")
    return gettext(
        "As %(role)s: %(place)s.",
        role=ROLES[ground.role],
        place=scope_name(ground.scope, names.get(ground.scope)),
    )


def _scope(grant: RoleGrant) -> Scope:
    return Scope(grant.scope_kind, grant.scope_id)
