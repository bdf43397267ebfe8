"""Laws of a series' plan: what it takes can be had, never twice, and nothing is moved that fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from instrument_share.booking.availability.opening import opening_of
from instrument_share.booking.availability.slot_rules import Openness, SlotRules
from instrument_share.booking.rules import Seat
from instrument_share.booking.series.planning import Calendar, OnConflict, Planned, Status, plan
from instrument_share.booking.series.rules import Occurrence, occurrence_at
from instrument_share.foundation.interval import Interval

ZONE = ZoneInfo("Europe/Berlin")  # where the clocks go forward on 2026-03-29
AT = datetime(2026, 3, 20, tzinfo=UTC)
WINDOW = Interval(AT, AT + timedelta(days=30))
WEEKLY = {day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
OPENING = opening_of(WEEKLY, ZONE, WINDOW)
HALF = timedelta(minutes=30)


def rules(setup: int) -> SlotRules:
    return SlotRules(
        zone=ZONE, granularity=HALF, shortest=HALF, longest=timedelta(hours=8), setup=setup * HALF,
        teardown=timedelta(0), lead=timedelta(0), horizon=timedelta(days=60),
    )  # fmt: skip


def interval(half_hours: tuple[int, int]) -> Interval:
    start, length = half_hours
    return Interval(AT + start * HALF, AT + (start + length) * HALF)


TAKEN = st.lists(st.tuples(st.integers(100, 1300), st.integers(1, 24)).map(interval), max_size=12)


@settings(max_examples=50, deadline=None)
@given(
    taken=st.tuples(TAKEN, TAKEN),
    closures=TAKEN,
    positions=st.integers(1, 2),
    whole=st.booleans(),
    setup=st.integers(0, 1),
    hour=st.integers(7, 20),
    length=st.integers(1, 10),
    count=st.integers(1, 15),
    choice=st.sampled_from(OnConflict),
)
def test_what_is_taken_can_be_had(
    taken, closures, positions, whole, setup, hour, length, count, choice
):
    def calendar() -> Calendar:
        openness = Openness(OPENING, closures)
        held = {place: list(taken[place - 1]) for place in range(1, positions + 1)}
        return Calendar(rules(setup), openness, held, positions, AT, Seat(whole=whole))

    wall = datetime(2026, 3, 24, hour)
    asked = [occurrence_at(wall + n * timedelta(days=1), ZONE) for n in range(count)]
    told = plan(asked, length * HALF, calendar(), choice)

    assert [each.wall for each in told] == [each.wall for each in asked]
    lived_through = calendar()
    for each in sorted((each for each in told if each.taken), key=_start):
        assert lived_through.fault_of(each.taken) == ""
        lived_through.take(each.taken)
    for each in told:
        alone = calendar().fault_of(each.slot)
        assert (each.code == "") == (each.status is Status.FREE)
        if alone:
            assert each.status is not Status.FREE
        if each.shifted_to:
            assert each.shifted_to.start.astimezone(ZONE).date() == each.wall.date()
            assert each.shifted_to.duration == each.slot.duration
    allowed = {
        OnConflict.STOP: {Status.FREE, Status.CONFLICT},
        OnConflict.SKIP: {Status.FREE, Status.SKIPPED},
        OnConflict.SHIFT: {Status.FREE, Status.SKIPPED, Status.SHIFTED},
    }
    assert {each.status for each in told} <= allowed[choice]


def _start(told: Planned) -> datetime:
    assert told.taken is not None
    return told.taken.start


def test_a_time_that_is_not_one_instant_is_never_moved():
    openness = Openness([WINDOW], [])
    calendar = Calendar(rules(0), openness, {}, 1, AT)
    skipped = occurrence_at(datetime(2026, 3, 29, 2, 30), ZONE)
    (told,) = plan([skipped], HALF, calendar, OnConflict.SHIFT)
    assert (told.status, told.code, told.taken) == (Status.SKIPPED, "nonexistent_time", None)


def test_what_fits_is_placed_before_what_is_moved():
    """The first occurrence may not be moved to where the second one fits as it is."""
    closed = Interval(AT + timedelta(days=4, hours=8), AT + timedelta(days=4, hours=10))
    calendar = Calendar(rules(0), Openness([WINDOW], [closed]), {}, 1, AT)
    starts = [closed.start, closed.end]
    asked = [Occurrence(start.astimezone(ZONE).replace(tzinfo=None), start) for start in starts]
    first, second = plan(asked, timedelta(hours=2), calendar, OnConflict.SHIFT)
    assert second.status is Status.FREE
    assert first.shifted_to == Interval(closed.start - timedelta(hours=2), closed.start)
