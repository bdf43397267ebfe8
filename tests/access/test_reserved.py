"""Who may still book time that is blocked for a purpose."""

from __future__ import annotations

from datetime import date

import pytest

from instrument_share.access.reserved import Membership, Standing, is_inside, standings_of
from tests.support.builders import (
    make_agreement,
    make_host,
    make_institution,
    make_person,
    make_project,
)

DAY = date(2026, 3, 10)
SOMEBODY = Standing(
    7, 3, (Membership(11, date(2026, 1, 1), date(2026, 3, 31)),), (Membership(21, None, None),)
)


@pytest.mark.parametrize(
    ("open_to", "on", "expected"),
    [
        ({}, DAY, False),
        ({"people": [7]}, DAY, True),
        ({"people": [3, 11, 21]}, DAY, False),
        ({"institutions": [3]}, DAY, True),
        ({"agreements": [11]}, DAY, True),
        ({"agreements": [11]}, date(2026, 3, 31), True),
        ({"agreements": [11]}, date(2026, 4, 1), False),
        ({"agreements": [11]}, date(2025, 12, 31), False),
        ({"projects": [21]}, date(2030, 1, 1), True),
        ({"institutions": [4], "projects": [21]}, DAY, True),
    ],
)
def test_whoever_fits_one_entry_is_inside(open_to, on, expected):
    assert is_inside(open_to, SOMEBODY, on) == expected


def test_nobody_in_particular_is_never_inside():
    assert not is_inside({"people": [7], "institutions": [3]}, None, DAY)
    assert not is_inside({"institutions": [3]}, Standing(7, None), DAY)


def test_standings_are_read_for_all_at_once(session, count_queries):
    host, partner = make_host(), make_institution()
    agreement = make_agreement(host, partner)
    make_agreement(host, partner, state="suspended")
    people = [make_person(partner), make_person(host), make_person()]
    project = make_project(people[0], people[2], ends_on=DAY)
    with count_queries() as queries:
        found = standings_of(people)
    assert queries.count == 2, queries
    assert [each.id for each in found[people[0].id].agreements] == [agreement.id]
    assert found[people[0].id].projects == (Membership(project.id, None, DAY),)
    assert found[people[1].id].agreements == found[people[1].id].projects == ()
    assert found[people[2].id].projects == (Membership(project.id, None, DAY),)
