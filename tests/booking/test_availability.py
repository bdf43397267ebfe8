"""What is free, what fits, and that the two never disagree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.booking.availability.free_time import (
    busy_stretches,
    free_stretches,
    nearest_starts,
)
from instrument_share.booking.availability.opening import opening_of, parse_hours
from instrument_share.booking.availability.slot_rules import (
    Openness,
    SlotFault,
    SlotRules,
    faults_of,
)
from instrument_share.foundation.interval import Interval, union

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {day: ["00:00-24:00"] for day in DAYS}
ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
)
START = datetime(2026, 3, 27, tzinfo=UTC)  # the clocks of Europe change two days later
HOUR = timedelta(hours=1)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def rules(zone: str = "Asia/Shanghai", **values: timedelta) -> SlotRules:
    lengths = {
        "granularity": minutes(30),
        "shortest": minutes(60),
        "longest": minutes(480),
        "setup": minutes(0),
        "teardown": minutes(0),
        "lead": minutes(0),
        "horizon": timedelta(days=60),
    }
    return SlotRules(zone=ZoneInfo(zone), **lengths | values)


def at_hours(first: float, last: float) -> Interval:
    return Interval(START + first * HOUR, START + last * HOUR)


WEEK = at_hours(0, 24 * 7)

intervals = st.builds(
    lambda start, length: Interval(START + minutes(start), START + minutes(start + length)),
    st.integers(0, 7 * 24 * 60),
    st.integers(1, 12 * 60),
)
slot_rules = st.builds(
    lambda zone, grid, setup, teardown, lead: rules(
        zone,
        granularity=minutes(grid),
        setup=minutes(setup),
        teardown=minutes(teardown),
        lead=minutes(lead),
    ),
    st.sampled_from(ZONES),
    st.sampled_from([5, 15, 30, 60, 120, 480, 1440]),
    st.sampled_from([0, 10, 45]),
    st.sampled_from([0, 20, 60]),
    st.sampled_from([0, 90, 2880]),
)


@given(
    slot_rules,
    st.lists(intervals, max_size=6),
    st.lists(intervals, max_size=2),
    st.sampled_from([ALWAYS, {day: ["08:30-12:00", "13:00-18:30"] for day in DAYS}]),
    st.integers(1, 2),
)
def test_whatever_is_shown_free_can_be_asked_for_and_overlaps_nothing(
    these, taken, closures, weekly, positions
):
    openness = Openness(opening_of(weekly, these.zone, WEEK), union(closures))
    held = {1: taken}
    for stretch in free_stretches(WEEK, these, openness, held, positions, START):
        for slot in _corners(stretch, these):
            assert faults_of(slot, these, openness, START) == []
            fits = [
                position
                for position in range(1, positions + 1)
                if not any(these.held_by(slot).overlaps(each) for each in held.get(position, ()))
            ]
            assert fits


def _corners(stretch: Interval, these: SlotRules) -> list[Interval]:
    """The earliest and the latest slot of the shortest length that lie on the grid."""
    first_end = these.next_on_grid(stretch.start + these.shortest)
    last_start = these.last_on_grid(stretch.end - these.shortest)
    found = []
    if first_end <= stretch.end and first_end - stretch.start <= these.longest:
        found.append(Interval(stretch.start, first_end))
    if last_start >= stretch.start and stretch.end - last_start <= these.longest:
        found.append(Interval(last_start, stretch.end))
    return found


@given(slot_rules, st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))
def test_the_grid_is_found_from_both_sides(these, naive):
    instant = naive.replace(tzinfo=UTC, second=0, microsecond=0)
    below, above = these.last_on_grid(instant), these.next_on_grid(instant)
    assert below <= instant <= above
    assert these.is_on_grid(below)
    assert these.is_on_grid(above)


def test_a_day_of_changed_clocks_keeps_its_grid_on_the_wall_clock():
    lord_howe = rules("Australia/Lord_Howe", granularity=HOUR)  # its clocks go back by half an hour
    instant, last = datetime(2026, 4, 4, 13, tzinfo=UTC), datetime(2026, 4, 4, 17, tzinfo=UTC)
    marks = []
    while instant <= last:
        marks.append(instant := lord_howe.next_on_grid(instant))
        instant += minutes(1)
    walls = [mark.astimezone(lord_howe.zone).strftime("%H:%M") for mark in marks]
    assert walls == ["00:00", "01:00", "02:00", "03:00", "04:00"]
    assert marks[2] - marks[1] == minutes(90)


def test_opening_hours_follow_the_wall_clock_over_a_change_of_clocks():
    zone = ZoneInfo("Europe/Berlin")
    opening = opening_of({"sat": ["08:00-18:00"], "mon": ["08:00-18:00"]}, zone, WEEK)
    assert [each.start.astimezone(zone).hour for each in opening] == [8, 8]
    assert [each.start.hour for each in opening] == [7, 6]


def test_the_day_of_the_change_is_an_hour_shorter_or_longer():
    zone = ZoneInfo("Europe/Berlin")
    for first, hours in (
        (datetime(2026, 3, 28, tzinfo=UTC), 23),
        (datetime(2026, 10, 24, tzinfo=UTC), 25),
    ):
        window = Interval(first, first + timedelta(days=4))
        (sunday,) = opening_of({"sun": ["00:00-24:00"]}, zone, window)
        assert sunday.duration == hours * HOUR


def test_days_without_a_break_are_one_stretch():
    assert opening_of(ALWAYS, ZoneInfo("Asia/Shanghai"), WEEK) == [WEEK]


@pytest.mark.parametrize("text", ["18:00-08:00", "8-9-10", "noon", "08:00-08:00"])
def test_hours_that_mean_nothing_are_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        parse_hours(text)


def test_every_fault_is_named_and_a_good_slot_has_none():
    openness = Openness([at_hours(0, 100)], [at_hours(50, 60)])
    these = rules(lead=2 * HOUR)
    cases = {
        at_hours(-2, 1): {SlotFault.IN_THE_PAST, SlotFault.OUTSIDE_OPENING_HOURS},
        at_hours(1, 3): {SlotFault.TOO_SOON},
        at_hours(10, 10.5): {SlotFault.TOO_SHORT},
        at_hours(10, 20): {SlotFault.TOO_LONG},
        at_hours(10.25, 12): {SlotFault.OFF_GRID},
        at_hours(49, 51): {SlotFault.IN_CLOSURE},
        at_hours(99, 101): {SlotFault.OUTSIDE_OPENING_HOURS},
        at_hours(1450, 1452): {SlotFault.BEYOND_HORIZON, SlotFault.OUTSIDE_OPENING_HOURS},
        at_hours(10, 18): set(),
    }
    assert {slot: set(faults_of(slot, these, openness, START)) for slot in cases} == cases


def test_setup_and_teardown_keep_their_distance_from_what_is_held():
    these = rules(setup=minutes(30), teardown=minutes(60))
    openness = Openness([at_hours(0, 12)], [])
    free = free_stretches(WEEK, these, openness, {1: [at_hours(4, 6)]}, 1, START)
    assert free == [at_hours(0, 3), at_hours(6.5, 12)]


def test_two_positions_are_busy_only_where_both_are():
    held = {1: [at_hours(0, 4)], 2: [at_hours(2, 6)]}
    busy = busy_stretches(WEEK, [at_hours(10, 11)], held, 2)
    assert [(each.slot, each.kind) for each in busy] == [
        (at_hours(2, 4), "booked"),
        (at_hours(10, 11), "closure"),
    ]


def test_the_nearest_times_come_first():
    free = [at_hours(0, 3), at_hours(8, 20)]
    found = nearest_starts(free, 2 * HOUR, START + 4 * HOUR, rules(), most=3)
    assert found == [at_hours(1, 3), at_hours(8, 10)]
