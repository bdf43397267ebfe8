"""Which approvals outlive a move, as the table says it. No database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from instrument_share.booking.holding import choices_of
from instrument_share.booking.policies.rules import BUILT_IN, plan
from instrument_share.booking.rules import (
    RESTS_ON,
    Change,
    Placement,
    Seat,
    changes_between,
    still_holds,
)
from instrument_share.booking.rules import RouteFacts as Facts
from instrument_share.foundation.interval import Interval
from instrument_share.identity.rules import Role

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 3, 3, 2, tzinfo=UTC)  # 10:00 in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
M, S, F = Role.FACILITY_MANAGER, Role.SAFETY_OFFICER, Role.INTERNATIONAL_OFFICE
ANY, WHOLE = Seat(), Seat(whole=True)


def at(start: datetime = TEN, hours: float = 4, seat: Seat = ANY) -> Placement:
    return Placement(Interval(start, start + hours * HOUR), seat)


def kept(old: Placement, new: Placement) -> set[Role]:
    changes = changes_between(old, new, SHANGHAI)
    return {role for role in (M, S, F) if still_holds(role, changes)}


@pytest.mark.parametrize(
    ("what", "old", "new", "holding"),
    [
        ("nothing changes", at(), at(), {M, S, F}),
        ("shorter at the end", at(), at(hours=2), {M, S, F}),
        ("shorter at the start", at(), at(TEN + HOUR, hours=3), {M, S, F}),
        ("later on the same day", at(), at(TEN + HOUR), {S, F}),
        ("longer on the same day", at(), at(hours=6), {S, F}),
        ("another day", at(), at(TEN + DAY), {S}),
        ("into the next local day", at(), at(TEN + 11 * HOUR), {S}),
        ("within UTC's day, into the next local one", at(), at(TEN + 13 * HOUR, hours=2), {S}),
        ("one day of two", at(hours=30), at(TEN + DAY, hours=4), {M, S, F}),
        ("a certain position instead of any", at(), at(seat=Seat(2)), {M, S, F}),
        ("one position instead of all", at(seat=WHOLE), at(seat=Seat(2)), {M, S, F}),
        ("any position instead of all", at(seat=WHOLE), at(), {M, S, F}),
        ("another position", at(seat=Seat(1)), at(seat=Seat(2)), {F}),
        ("any position instead of a certain one", at(seat=Seat(1)), at(), {F}),
        ("all positions instead of one", at(seat=Seat(1)), at(seat=WHOLE), {F}),
        ("all positions instead of any, on another day", at(), at(TEN + DAY, seat=WHOLE), set()),
    ],
)  # fmt: skip
def test_which_approvals_hold(what, old, new, holding):
    assert kept(old, new) == holding, what


def test_every_role_of_the_route_is_in_the_table():
    facts = Facts(1, 1, "CN", applicant_country=None, safety_class="radiation")
    assert {planned.step.role for planned in plan(BUILT_IN, facts)} == set(RESTS_ON)


def test_a_role_that_the_table_does_not_know_is_asked_after_any_change():
    assert still_holds("liaison", frozenset())
    assert not any(still_holds("liaison", frozenset({change})) for change in Change)


slots = some.builds(
    lambda start, length: Interval(TEN + start * HOUR / 2, TEN + (start + length) * HOUR / 2),
    some.integers(-200, 200),
    some.integers(1, 100),
)
seats = some.one_of(some.just(WHOLE), some.builds(Seat, some.none() | some.integers(1, 3)))
placements = some.builds(Placement, slots, seats)


@given(placements, placements, placements)
def test_what_changes_nothing_step_by_step_changes_nothing_at_all(first, second, third):
    """An approval may be kept from move to move without remembering what was approved at first."""
    if not (changes_between(first, second, SHANGHAI) or changes_between(second, third, SHANGHAI)):
        assert not changes_between(first, third, SHANGHAI)


@given(slots, seats, some.data())
def test_making_it_shorter_never_asks_anybody(slot, seat, data):
    steps = slot.minutes // 30
    first = data.draw(some.integers(0, steps - 1))
    last = data.draw(some.integers(first + 1, steps))
    shorter = Interval(slot.start + first * HOUR / 2, slot.start + last * HOUR / 2)
    assert not changes_between(Placement(slot, seat), Placement(shorter, seat), SHANGHAI)


@pytest.mark.parametrize(
    ("seat", "free", "rather", "choices"),
    [
        (ANY, [1, 3], None, [[1], [3]]),
        (ANY, [1, 3], 3, [[3], [1]]),
        (ANY, [1, 3], 2, [[1], [3]]),
        (Seat(3), [1, 3], None, [[3]]),
        (Seat(2), [1, 3], None, []),
        (WHOLE, [1, 3], None, []),
        (WHOLE, [1, 2, 3], 2, [[1, 2, 3]]),
    ],
)
def test_which_positions_would_do(seat, free, rather, choices):
    assert choices_of(seat, free, 3, rather) == choices
