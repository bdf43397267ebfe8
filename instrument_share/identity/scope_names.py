"""What the scopes of roles are called. Higher floors register how theirs are (`catalogue.hearers.connect`):

scope_names.register("facility", names_of_facilities)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from sqlalchemy import select

from ..foundation.database import db
from ..foundation.http.show import localized
from ..foundation.localized import LocalizedText
from .labels import ROLES, SCOPES
from .models import Institution
from .rules import Role, Scope

#: Names by id, in one query.
Namer = Callable[[Collection[int]], Mapping[int, LocalizedText]]


def _institutions(ids: Collection[int]) -> Mapping[int, LocalizedText]:
    rows = db.session.execute(
        select(Institution.id, Institution.names).where(Institution.id.in_(ids))
    )
    return {row.id: row.names for row in rows}


_namers: dict[str, Namer] = {"institution": _institutions}


def register(kind: str, namer: Namer) -> None:
    """Tell how scopes of a kind are called. Registering again replaces it."""
    _namers[kind] = namer


def names_of_scopes(scopes: Iterable[Scope]) -> dict[Scope, str]:
    """Every scope's name in the reader's language, in one query for each kind."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    names = {}
    for scope in scopes:
        names[scope] = str(SCOPES[scope.kind])
        if scope.id is not None:
            by_kind[scope.kind].add(scope.id)
    for kind, ids in by_kind.items():
        if kind in _namers:
            found = _namers[kind](ids)
            names |= {Scope(kind, key): localized(text) for key, text in found.items()}
    return names


def roles_told(grants: Iterable[tuple[Role, Scope]]) -> list[tuple[str, str]]:
    """Each role with where it is held, in the order of the roles."""
    held, order = set(grants), list(Role)
    names = names_of_scopes(scope for _, scope in held)
    told = sorted((order.index(role), names[scope]) for role, scope in held)
    return [(str(ROLES[order[place]]), name) for place, name in told]
