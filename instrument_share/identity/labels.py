"""The words for roles and scopes, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import LazyString, lazy_gettext

from .rules import Role, Scope

ROLES: dict[str, LazyString] = {
    Role.RESEARCHER: lazy_gettext("Researcher"),
    Role.LIAISON: lazy_gettext("Liaison"),
    Role.OPERATOR: lazy_gettext("Operator"),
    Role.FACILITY_MANAGER: lazy_gettext("Facility manager"),
    Role.SAFETY_OFFICER: lazy_gettext("Safety officer"),
    Role.INTERNATIONAL_OFFICE: lazy_gettext("International office"),
    Role.PROGRAMME_OFFICER: lazy_gettext("Programme officer"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}
SCOPES: dict[str, LazyString] = {
    "programme": lazy_gettext("the whole programme"),
    "institution": lazy_gettext("an institution"),
    "facility": lazy_gettext("a facility"),
    "instrument": lazy_gettext("an instrument"),
}


def roles_told(grants: Iterable[tuple[Role, Scope]]) -> list[tuple[LazyString, LazyString]]:
    """Each role once for each kind of scope, in the order of the roles."""
    order = list(Role)
    pairs = sorted(
        {(role, scope.kind) for role, scope in grants},
        key=lambda pair: (order.index(pair[0]), pair[1]),
    )
    return [(ROLES[role], SCOPES[kind]) for role, kind in pairs]
