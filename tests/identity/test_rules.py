"""The permission table, entry by entry."""

from __future__ import annotations

from itertools import product

import pytest

from instrument_share.identity.rules import (
    PERMISSIONS,
    PROGRAMME,
    Actor,
    Lent,
    Permission,
    Role,
    Scope,
    is_mail_of,
    may,
    may_judge,
    scopes_held,
    subject,
)

FACILITY, HOST, PAYER = Scope("facility", 1), Scope("institution", 2), Scope("institution", 3)
ABOUT = subject(owner_id=7, host=(FACILITY, HOST), payer=(PAYER,))


PLACES = [("host", FACILITY), ("host", HOST), ("payer", PAYER)]


@pytest.mark.parametrize("permission", Permission)
def test_a_role_counts_on_its_own_side_only(permission):
    anyone = any(who.side == "anyone" for who in PERMISSIONS[permission])
    for role, (side, scope) in product(Role, PLACES):
        listed = any(who.side == side and who.role == role for who in PERMISSIONS[permission])
        actor = Actor(1, grants=frozenset({(role, scope)}))
        assert may(actor, permission, ABOUT) == (listed or anyone), (role, scope)


@pytest.mark.parametrize("permission", Permission)
def test_the_programme_covers_everything_and_another_scope_nothing(permission):
    everywhere = Actor(1, grants=frozenset((role, PROGRAMME) for role in Role))
    elsewhere = Actor(1, grants=frozenset((role, Scope("facility", 99)) for role in Role))
    anyone = any(who.side == "anyone" for who in PERMISSIONS[permission])
    by_role = any(who.role for who in PERMISSIONS[permission])
    assert may(everywhere, permission, ABOUT) == (by_role or anyone)
    assert may(elsewhere, permission, ABOUT) == anyone


@pytest.mark.parametrize("permission", Permission)
def test_owners_and_visitors(permission):
    sides = {who.side for who in PERMISSIONS[permission]}
    assert may(Actor(7), permission, ABOUT) == bool(sides & {"owner", "anyone"})
    assert not may(None, permission, ABOUT)


def test_scopes_held_are_those_of_the_side():
    actor = Actor(1, grants=frozenset({(Role.LIAISON, PAYER), (Role.FACILITY_MANAGER, FACILITY)}))
    assert scopes_held(actor, Permission.SEE_BOOKING, "host") == {FACILITY}
    assert scopes_held(actor, Permission.SEE_BOOKING, "payer") == {PAYER}


@pytest.mark.parametrize(
    ("email", "belongs"),
    [
        ("a@kaznu.kz", True),
        ("a@phys.KAZNU.kz", True),
        ("a@notkaznu.kz", False),
        ("a@kaznu.kz.evil.example", False),
    ],
)
def test_mail_domains(email, belongs):
    assert is_mail_of(email, ["kaznu.kz"]) is belongs


def test_nobody_judges_in_their_own_matter_and_no_deputy_in_that_of_whom_they_stand_in_for():
    host, role = Scope("institution", 1), Role.INTERNATIONAL_OFFICE
    officer, deputy = (
        Actor(7, 1, frozenset({(role, host)})),
        Actor(8, 1, frozenset({(role, host)}), frozenset({Lent(role, host, 7)})),
    )
    judging = {
        (actor.person_id, owner): may_judge(
            actor, Permission.ISSUE_LETTER, subject(owner_id=owner, host=(host,))
        )
        for actor in (officer, deputy)
        for owner in (None, 7, 8, 9)
    }
    assert [each for each, may in judging.items() if not may] == [(7, 7), (8, 7), (8, 8)]
