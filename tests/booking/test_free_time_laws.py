"""Laws that tie what is shown as free to what can be asked for, in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from instrument_share.booking.availability.free_time import (
    Taken,
    bounds_of,
    first_start,
    free_stretches,
)
from instrument_share.booking.availability.opening import hours_of, open_in, open_spans
from instrument_share.booking.availability.seats import seen_from
from instrument_share.booking.availability.slot_rules import Openness, SlotRules, faults_of
from instrument_share.booking.rules import Seat
from instrument_share.foundation.interval import Interval, union
from instrument_share.foundation.spans import instant_at, span_around

START = datetime(2026, 3, 28, tzinfo=UTC)  # the clocks of Europe change the day after
WINDOW = Interval(START, START + timedelta(days=3))
AROUND = Interval(START - timedelta(days=2), START + timedelta(days=5))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = (["00:00-24:00"], ["08:30-12:00", "13:00-18:30"], ["22:00-24:00", "00:00-03:00"])


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


rules = st.builds(
    lambda zone, step, shortest, longest, setup, teardown, lead, horizon: SlotRules(
        ZoneInfo(zone),
        granularity=minutes(step),
        shortest=minutes(step * shortest),
        longest=minutes(step * max(shortest, longest)),
        setup=minutes(setup),
        teardown=minutes(teardown),
        lead=minutes(lead),
        horizon=minutes(horizon),
    ),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]),
    st.sampled_from([30, 60, 90, 240, 1440]),
    st.integers(1, 3),
    st.integers(1, 5),
    st.sampled_from([0, 20, 45]),
    st.sampled_from([0, 15, 60]),
    st.sampled_from([0, 90, 1500]),
    st.sampled_from([2000, 90_000]),
)
stretches = st.builds(
    lambda start, length: Interval(START + minutes(start), START + minutes(start + length)),
    st.integers(-600, 3 * 1440),
    st.integers(1, 700),
)
hours = st.builds(
    lambda weekly, territory, on_holidays: (dict.fromkeys(DAYS, weekly), territory, on_holidays),
    st.sampled_from(HOURS),
    st.sampled_from([None, "CN"]),
    st.sampled_from([[], ["09:00-11:00"]]),
)
held = st.fixed_dictionaries(
    {1: st.lists(stretches, max_size=4), 2: st.lists(stretches, max_size=3)}
)


def slots(these: SlotRules) -> Iterator[Interval]:
    """Every slot of an allowed length in the window whose ends lie on the grid."""
    marks, mark = [], these.next_on_grid(WINDOW.start)
    while mark <= WINDOW.end:
        marks.append(mark)
        mark = these.next_on_grid(mark + minutes(1))
    for place, start in enumerate(marks):
        for end in marks[place + 1 :]:
            if end - start > these.longest:
                break
            if end - start >= these.shortest:
                yield Interval(start, end)


def taken_on(taken: dict[int, list[Interval]], positions: int) -> dict[int, list[Interval]]:
    """What is taken of the positions that there are."""
    return {position: taken[position] for position in range(1, positions + 1)}


@settings(max_examples=60)
@given(rules, hours, st.lists(stretches, max_size=2), held, st.integers(1, 2), st.booleans())
def test_a_slot_lies_in_free_time_exactly_when_it_can_be_asked_for(
    these, keeps, closures, taken, positions, whole
):
    weekly, territory, on_holidays = keeps
    opening = open_in(hours_of(weekly, these.zone, territory, on_holidays), AROUND)
    openness = Openness(opening, union(closures))
    at = START - minutes(7)
    in_the_way, places = seen_from(Seat(whole=whole), taken_on(taken, positions), positions)
    free = free_stretches(WINDOW, these, openness, in_the_way, places, at)
    for slot in slots(these):
        is_taken = [
            any(these.held_by(slot).overlaps(each) for each in taken[position])
            for position in range(1, positions + 1)
        ]
        blocked = any(is_taken) if whole else all(is_taken)
        can_be_had = not blocked and not faults_of(slot, these, openness, at)
        assert can_be_had == any(each.contains(slot) for each in free), slot


@settings(max_examples=60)
@given(rules, hours, st.lists(stretches, max_size=2), held, st.integers(1, 2), st.integers(1, 900))
def test_the_first_start_is_the_first_slot_that_is_long_enough(
    these, keeps, closures, taken, positions, length
):
    weekly, territory, on_holidays = keeps
    kept = hours_of(weekly, these.zone, territory, on_holidays)
    openness = Openness(open_in(kept, AROUND), union(closures))
    free = free_stretches(WINDOW, these, openness, taken, positions, START)
    starts = (
        slot.start
        for slot in slots(these)
        if slot.duration >= minutes(length) and any(each.contains(slot) for each in free)
    )
    found = first_start(
        bounds_of(WINDOW, these.seconds, START),
        these.seconds,
        open_spans(kept, *span_around(AROUND)),
        Taken(
            positions,
            {key: [span_around(each) for each in these_] for key, these_ in taken.items()},
            [span_around(each) for each in closures],
        ),
        length * 60,
    )
    assert (instant_at(found) if found is not None else None) == next(starts, None)


def test_public_holidays_have_hours_of_their_own():
    spring_festival = datetime(2026, 2, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
    window = Interval(spring_festival, spring_festival + timedelta(days=1))
    weekly = {key: ["08:00-18:00"] for key in DAYS}
    for territory, on_holidays, hours_open in (
        (None, [], 10),
        ("CN", [], 0),
        ("CN", ["09:00-12:00"], 3),
        ("DE-BY", [], 10),
    ):
        kept = hours_of(weekly, ZoneInfo("Asia/Shanghai"), territory, on_holidays)
        assert sum(each.minutes for each in open_in(kept, window)) == hours_open * 60, territory
