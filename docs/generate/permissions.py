"""Who may do what, from the one table that decides it."""

from __future__ import annotations

from collections.abc import Iterable

from instrument_share.identity.rules import GRANTED_BY, PERMISSIONS, Permission, Role, Who

_HEAD = """\
# Who may do what

Made by `make docs` from `identity/rules/table.py`. Change the table there, never this page.

Every permission is asked in one place, `identity.rules.may(actor, permission, subject)`, by the service that does the
thing. A role holds within its scope: the whole programme, an institution, a facility or an instrument. Roles *of the
host* must cover the instrument, facility or host institution that is concerned; roles *of the payer* must cover the
institution that the person or the agreement belongs to. `/manage/roles` shows who holds which role at a place, and
why somebody may do something there.
"""
_SIDES = {"host": "of the host", "payer": "of the payer"}


def page() -> str:
    """The page as Markdown: a row for each permission, then who gives which role."""
    return "\n".join([_HEAD, *_permissions(), "", *_givers(), ""])


def _permissions() -> list[str]:
    rows = [
        f"| `{permission.value}` | {_holders(PERMISSIONS[permission])} |"
        for permission in Permission
    ]
    return ["| permission | held by |", "|---|---|", *rows]


def _givers() -> list[str]:
    default = PERMISSIONS[Permission.GRANT_ROLE]
    rows = [f"| `{role.value}` | {_holders(GRANTED_BY.get(role, default))} |" for role in Role]
    return ["## Who gives a role and takes it back", "", "| role | given by |", "|---|---|", *rows]


def _holders(ways: Iterable[Who]) -> str:
    return "; ".join(_way(who) for who in ways)


def _way(who: Who) -> str:
    if who.role is None:
        return {"anyone": "whoever is signed in", "owner": "the person whose own it is"}[who.side]
    return f"{who.role.value.replace('_', ' ')} {_SIDES[who.side]}"
