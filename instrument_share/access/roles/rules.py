"""Which role makes sense where. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ...identity.rules import Actor, Role, Subject, may_grant

_HOST = frozenset({"programme", "institution", "facility", "instrument"})

#: The kinds of places for which a role can be given.
FITTING: Mapping[Role, frozenset[str]] = {
    Role.RESEARCHER: frozenset({"institution"}),
    Role.LIAISON: frozenset({"institution"}),
    Role.OPERATOR: _HOST,
    Role.FACILITY_MANAGER: _HOST,
    Role.SAFETY_OFFICER: _HOST,
    Role.INTERNATIONAL_OFFICE: frozenset({"programme", "institution"}),
    Role.PROGRAMME_OFFICER: frozenset({"programme", "institution"}),
    Role.ADMINISTRATOR: frozenset({"programme", "institution"}),
}


def roles_given_by(actor: Actor, kind: str, over: Subject) -> list[Role]:
    """The roles that the actor may give for a place of this kind."""
    return [role for role in Role if kind in FITTING[role] and may_grant(actor, role, over)]
