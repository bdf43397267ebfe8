"""Whether free time satisfies a wish, and how long an offer stands: laws, and cases on the clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.booking.availability.opening import DAYS
from instrument_share.booking.availability.slot_rules import SlotRules
from instrument_share.booking.waiting.rules import (
    LONGEST_ANSWER,
    MOST_MISSED,
    SHORTEST_ANSWER,
    EntryState,
    Outcome,
    Wish,
    answer_by,
    could_fit,
    placement,
    state_after,
    wanted_stretches,
    worth_telling,
)
from instrument_share.foundation.interval import Interval

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WEEK = Interval(MONDAY, MONDAY + timedelta(days=7))
RULES = SlotRules(
    zone=ZoneInfo("Asia/Shanghai"),
    granularity=30 * MINUTE,
    shortest=30 * MINUTE,
    longest=8 * HOUR,
    setup=timedelta(),
    teardown=timedelta(),
    lead=timedelta(),
    horizon=timedelta(days=90),
)

zones = st.sampled_from(
    ["UTC", "Asia/Almaty", "Asia/Kathmandu", "America/New_York", "Africa/Cairo", "Pacific/Apia"]
)
half_hours = st.integers(0, 7 * 48)
stretches = st.tuples(half_hours, st.integers(1, 40)).map(
    lambda pair: Interval(MONDAY + pair[0] * 30 * MINUTE, MONDAY + sum(pair) * 30 * MINUTE)
)
hours = st.none() | st.integers(0, 23).map(time)
wishes = st.builds(
    Wish,
    length=st.integers(1, 16).map(lambda count: count * 30 * MINUTE),
    window=stretches,
    zone=zones.map(ZoneInfo),
    weekdays=st.frozensets(st.sampled_from(DAYS), max_size=7),
    not_before=hours,
    not_after=hours,
    passed=st.lists(stretches, max_size=2),
)


def slot(start: float, end: float) -> Interval:
    return Interval(MONDAY + start * HOUR, MONDAY + end * HOUR)


@given(wish=wishes, free=st.lists(stretches, max_size=4), freed=st.none() | stretches)
def test_what_is_offered_is_free_wished_and_of_the_right_length(wish, free, freed):
    found = placement(wish, free, RULES, freed)
    if found is None:
        return
    assert found.duration == wish.length
    assert any(stretch.contains(found) for stretch in free)
    assert wish.window.contains(found)
    assert not any(found.overlaps(each) for each in wish.passed)
    assert RULES.is_on_grid(found.start)
    assert any(stretch.contains(found) for stretch in wanted_stretches(wish, wish.window))
    if freed is not None:
        assert found.overlaps(freed)
        assert could_fit(wish, freed)
    if wish.weekdays and (wish.not_before or time(0)) < (wish.not_after or time(23, 59)):
        assert DAYS[found.start.astimezone(wish.zone).weekday()] in wish.weekdays


@given(wish=wishes, free=st.lists(stretches, min_size=1, max_size=4))
def test_nothing_earlier_would_have_done(wish, free):
    found = placement(wish, free, RULES)
    starts = [MONDAY + n * 30 * MINUTE for n in range(-1, 8 * 48)]
    slots = [Interval(start, start + wish.length) for start in starts]
    wanted = wanted_stretches(wish, wish.window)
    fitting = [
        each
        for each in slots
        if any(stretch.contains(each) for stretch in free)
        and any(stretch.contains(each) for stretch in wanted)
    ]
    assert found == min(fitting, default=None)


def test_a_slot_inside_the_freed_time_comes_before_one_that_reaches_out_of_it():
    wish = Wish(2 * HOUR, WEEK, ZoneInfo("UTC"))
    assert placement(wish, [slot(0, 24)], RULES, slot(10, 14)) == slot(10, 12)
    assert placement(wish, [slot(0, 24)], RULES, slot(10, 11)) == slot(8.5, 10.5)
    assert placement(wish, [slot(10, 24)], RULES, slot(10, 11)) == slot(10, 12)
    assert placement(wish, [slot(0, 9), slot(11, 24)], RULES, slot(9, 11)) is None


@pytest.mark.parametrize(
    ("zone", "not_before", "not_after", "expected"),
    [
        ("UTC", time(10), None, slot(10, 14)),
        ("Asia/Almaty", time(10), None, slot(5, 9)),  # UTC+5
        ("Asia/Kathmandu", time(10), time(14, 30), slot(4.5, 8.5)),  # 04:15 UTC, then the grid
        ("Asia/Kathmandu", time(10), time(14), None),  # 04:15 to 08:15: the grid leaves too little
        ("UTC", time(22), time(6), slot(0, 4)),  # the night that began the day before
        ("UTC", time(10), time(12), None),
    ],
)
def test_hours_are_on_the_clock_that_was_chosen(zone, not_before, not_after, expected):
    day = Interval(MONDAY, MONDAY + 24 * HOUR)
    wish = Wish(4 * HOUR, day, ZoneInfo(zone), frozenset(), not_before, not_after)
    assert placement(wish, [day], RULES) == expected


def test_weekdays_are_days_of_that_clock_too():
    wish = Wish(4 * HOUR, WEEK, ZoneInfo("Asia/Almaty"), frozenset({"sat"}))
    assert placement(wish, [WEEK], RULES) == slot(4 * 24 + 19, 4 * 24 + 23)  # Friday 19:00 UTC


def test_hours_that_the_clocks_skip_begin_when_the_clocks_go_on():
    night = Interval(datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 8, 12, tzinfo=UTC))
    wish = Wish(HOUR, night, ZoneInfo("America/New_York"), frozenset(), time(2, 30), time(6))
    assert placement(wish, [night], RULES) == Interval(
        datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC)
    )


@given(
    minutes=st.integers(-600, 60 * 24 * 90),
    lead=st.integers(0, 60 * 24 * 7).map(lambda n: n * MINUTE),
)
def test_an_offer_can_be_answered_and_never_stands_beyond_the_last_moment_to_ask(minutes, lead):
    starts_at = MONDAY + minutes * MINUTE
    deadline = answer_by(MONDAY, starts_at, lead)
    if starts_at - lead < MONDAY + SHORTEST_ANSWER:
        assert deadline is None
    else:
        assert (
            MONDAY + SHORTEST_ANSWER <= deadline <= min(starts_at - lead, MONDAY + LONGEST_ANSWER)
        )


@pytest.mark.parametrize(
    ("hours_ahead", "stands"), [(24 * 30, 24), (48, 12), (4, 1), (2, 1), (0.5, 0.5)]
)
def test_the_nearer_the_time_the_sooner_the_answer(hours_ahead, stands):
    deadline = answer_by(MONDAY, MONDAY + hours_ahead * HOUR, timedelta())
    assert deadline == MONDAY + stands * HOUR


@given(wish=wishes, missed=st.integers(0, 3), outcome=st.sampled_from(Outcome))
def test_whoever_passes_waits_on_only_where_there_can_be_another_offer(wish, missed, outcome):
    state = state_after(outcome, missed, wish, MONDAY)
    assert (state is EntryState.ACCEPTED) == (outcome is Outcome.ACCEPTED)
    if state is EntryState.WAITING:
        assert wanted_stretches(wish, WEEK) or wish.window.end > WEEK.end
        assert outcome is not Outcome.MISSED or missed < MOST_MISSED


def test_time_that_was_all_there_is_to_wait_for_ends_the_wait():
    only = Wish(4 * HOUR, slot(8, 12), ZoneInfo("UTC"), passed=[slot(8, 12)])
    assert state_after(Outcome.DECLINED, 0, only, MONDAY) is EntryState.DECLINED
    assert state_after(Outcome.MISSED, 1, only, MONDAY) is EntryState.LAPSED
    wide = Wish(4 * HOUR, WEEK, ZoneInfo("UTC"), passed=[slot(8, 12)])
    assert state_after(Outcome.DECLINED, 0, wide, MONDAY) is EntryState.WAITING
    assert state_after(Outcome.MISSED, 1, wide, MONDAY) is EntryState.WAITING
    assert state_after(Outcome.MISSED, MOST_MISSED, wide, MONDAY) is EntryState.LAPSED


def test_a_watcher_is_told_of_what_is_still_free_and_long_enough():
    free = [slot(0, 2), slot(4, 5), slot(8, 12)]
    assert worth_telling(free, [slot(1, 9)], 2 * HOUR) == [slot(0, 2), slot(8, 12)]
    assert worth_telling(free, [slot(2, 4)], HOUR) == []
