"""Who may do what, from the one table that decides it."""

from __future__ import annotations

from collections.abc import Iterable

from instrument_share.identity.rules import GRANTED_BY, PERMISSIONS, Action, Role, Who

_HEAD = """\
# Who may do what

Made by `make docs` from `identity/rules/table.py`. Change the table there, never this page.

Every permission is asked in one place, `identity.rules.may(actor, action, subject)`, by the service that does the
thing. A role holds within its scope: the whole programme, an institution, a facility or an instrument. Roles *of the
host* must cover the instrument, facility or host institution that is concerned; roles *of the payer* must cover the
institution that the person or the agreement belongs to. `/manage/roles` shows who holds which role at a place, and
why somebody may do something there.
"""
_SIDES = {"host": "of the host", "payer": "of the payer"}


def page() -> str:
    """The page as Markdown: a row for each action, then who gives which role."""
    return "\n".join([_HEAD, *_actions(), "", *_givers(), ""])


def _actions() -> list[str]:
    rows = [f"| `{action.value}` | {_told(PERMISSIONS[action])} |" for action in Action]
    return ["| action | allowed to |", "|---|---|", *rows]


def _givers() -> list[str]:
    default = PERMISSIONS[Action.GRANT_ROLE]
    rows = [f"| `{role.value}` | {_told(GRANTED_BY.get(role, default))} |" for role in Role]
    return ["## Who gives a role and takes it back", "", "| role | given by |", "|---|---|", *rows]


def _told(ways: Iterable[Who]) -> str:
    return "; ".join(_way(who) for who in ways)


def _way(who: Who) -> str:
    if who.role is None:
        return {"anyone": "whoever is signed in", "owner": "the person whose own it is"}[who.side]
    return f"{who.role.value.replace('_', ' ')} {_SIDES[who.side]}"
