"""By when an office has to answer: working days of its own calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.booking.policies.deadlines import Deadline, OfficeCalendar, times_of
from instrument_share.booking.policies.rules import Silence
from instrument_share.foundation.working_days import is_working_day, working_day_after

SHANGHAI, ALMATY, CAIRO = (
    OfficeCalendar(country, ZoneInfo(zone))
    for country, zone in (("CN", "Asia/Shanghai"), ("KZ", "Asia/Almaty"), ("EG", "Africa/Cairo"))
)


@pytest.mark.parametrize(
    ("office", "asked", "days", "due"),
    [
        (
            SHANGHAI,
            "2026-09-30T04:00",
            1,
            "2026-10-08T16:00",
        ),  # National Day, until Thursday the 8th
        (SHANGHAI, "2026-09-30T04:00", 3, "2026-10-10T16:00"),  # the Saturday is worked for it
        (SHANGHAI, "2026-10-01T04:00", 1, "2026-10-08T16:00"),  # asked on the holiday itself
        (ALMATY, "2026-03-20T06:00", 1, "2026-03-26T19:00"),  # Nauryz and what is observed for it
        (CAIRO, "2026-05-25T08:00", 1, "2026-05-31T21:00"),  # Eid, then Friday and Saturday
        (SHANGHAI, "2026-03-04T04:00", 2, "2026-03-06T16:00"),  # an ordinary week
    ],
)
def test_deadlines_are_working_days_of_the_office(office, asked, days, due):
    at = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    times = times_of(Deadline(days, 1, Silence.EXPIRE), office, at, at + timedelta(days=60))
    assert times.due_at == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert times.remind_at is not None
    assert at < times.remind_at < times.due_at


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    st.integers(1, 30), st.integers(0, 5), st.sampled_from(Silence),
    st.sampled_from([SHANGHAI, ALMATY, CAIRO]), st.timedeltas(timedelta(minutes=1), timedelta(days=60)),
)  # fmt: skip
def test_a_deadline_lies_between_the_question_and_the_end_of_the_hold(
    at, days, remind, silence, office, hold
):
    times = times_of(Deadline(days, remind, silence), office, at, at + hold)
    assert at < times.due_at <= at + hold
    if silence is not Silence.EXPIRE:
        assert times.due_at < at + hold, "there is time for what silence means"
    if times.remind_at is not None:
        assert at < times.remind_at <= times.due_at


def test_days_that_are_worked_for_a_holiday_and_territories_without_a_calendar():
    assert is_working_day(date(2026, 9, 20), "CN")  # a Sunday
    assert not is_working_day(date(2026, 10, 7), "CN")
    assert not is_working_day(date(2026, 3, 6), "EG")  # a Friday
    assert working_day_after(date(2026, 3, 6), 1, "XX") == date(2026, 3, 9)
