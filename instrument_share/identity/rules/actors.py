"""Who acts, where, and what they act on. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .words import Role


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a role holds: ("programme", None), ("institution", 3), ("facility", 5), ("instrument", 7)."""

    kind: str
    id: int | None = None


PROGRAMME = Scope("programme")


class Reach(frozenset[Scope]):
    """The scopes within which somebody may do something, as the filter of a list asks about them."""

    @property
    def everywhere(self) -> bool:
        return PROGRAMME in self

    def ids(self, kind: str) -> list[int]:
        """The ids of the scopes of this kind."""
        return sorted(each.id for each in self if each.kind == kind and each.id is not None)


#: Roles that somebody else can exercise for a while. Who runs the site, and who somebody is, cannot be lent.
LENDABLE = frozenset(Role) - {Role.ADMINISTRATOR, Role.RESEARCHER}


@dataclass(frozen=True, slots=True)
class Lent:
    """A role that is exercised for the person who holds it."""

    role: Role
    scope: Scope
    holder_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at a moment. Suspended people have no Actor: they may nothing.

    `grants` are all that they may use, `lent` those of them that they have only as somebody's deputy.
    """

    person_id: int
    institution_id: int | None = None
    grants: frozenset[tuple[Role, Scope]] = frozenset()
    lent: frozenset[Lent] = frozenset()

    @property
    def own(self) -> frozenset[tuple[Role, Scope]]:
        """What was granted to themselves."""
        return self.grants - {(each.role, each.scope) for each in self.lent}

    def by_themselves(self) -> Actor:
        """The actor where nobody acts for anybody."""
        return replace(self, grants=self.own, lent=frozenset())

    def holds(self, role: Role, *scopes: Scope) -> bool:
        return any((role, scope) in self.grants for scope in scopes)

    def without(self, holder_id: int) -> Actor:
        """The actor where nobody may act for this holder, as in the holder's own matter."""
        gone = {each for each in self.lent if each.holder_id == holder_id}
        if not gone:
            return self
        kept = self.lent - gone
        lost = {(each.role, each.scope) for each in gone} - {
            (each.role, each.scope) for each in kept
        }
        return replace(self, grants=self.grants - lost, lent=kept)

    def stands_in_for(self, role: Role, *scopes: Scope) -> int | None:
        """Whose role it is that the actor would use; None where it is their own."""
        if any((role, scope) in self.own for scope in scopes):
            return None
        holders = (e.holder_id for e in self.lent if e.role == role and e.scope in scopes)
        return min(holders, default=None)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is about: who owns it and which scopes cover it on the host's and the payer's side."""

    owner_id: int | None = None
    host: frozenset[Scope] = field(default_factory=frozenset)
    payer: frozenset[Scope] = field(default_factory=frozenset)


def subject(
    *, owner_id: int | None = None, host: tuple[Scope, ...] = (), payer: tuple[Scope, ...] = ()
) -> Subject:
    """A Subject; the programme covers everything."""
    return Subject(owner_id, frozenset((PROGRAMME, *host)), frozenset((PROGRAMME, *payer)))
