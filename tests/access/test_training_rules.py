"""What training is enough, who gets a seat, and when a qualification ends."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from instrument_share.access.rules import Level
from instrument_share.access.training.rules import (
    Training,
    expiry_after,
    is_first_use,
    lowest_free_seat,
    next_reminder,
    suffices,
)

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


def test_one_use_with_an_operator_comes_before_independence():
    supervised = Training(Level.SUPERVISED)
    asked = Level.INDEPENDENT
    assert not suffices(supervised, asked, allows_first_use=False)
    assert suffices(supervised, asked, allows_first_use=True)
    used = Training(Level.SUPERVISED, was_supervised=True)
    assert not suffices(used, asked, allows_first_use=True)
    assert not suffices(Training(), asked, allows_first_use=True)
    assert not is_first_use(Training(Level.INDEPENDENT), asked, allows_first_use=True)
    assert not is_first_use(supervised, Level.SUPERVISED, allows_first_use=True)


@given(st.sets(st.integers(1, 12)), st.integers(1, 12))
def test_a_seat_is_free_and_there_or_all_are_taken(taken, places):
    seat = lowest_free_seat(taken, places)
    everything = set(range(1, places + 1))
    assert (seat is None) == (everything <= taken)
    assert seat is None or seat == min(everything - taken)


@given(DAYS, st.integers(1, 240))
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(day, months):
    end = expiry_after(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end + timedelta(days=1)).day == 1


@given(DAYS, st.integers(0, 200))
def test_reminders_come_twice_at_most_and_never_late(until, before):
    today, told = until - timedelta(days=before), []
    while (day := next_reminder(until, today)) is not None:
        told.append((until - day).days)
        today = day
    assert told == [days for days in (60, 14) if days < before]


def test_what_never_ends_is_never_told():
    assert expiry_after(date(2026, 1, 31), None) is None
    assert next_reminder(None, date(2026, 1, 31)) is None
    assert expiry_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
