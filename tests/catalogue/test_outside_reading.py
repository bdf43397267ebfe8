"""What an outside calendar means: which of its events close an instrument, and when."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.catalogue.outside.reading import closures_in
from instrument_share.catalogue.outside.rules import CalendarFault, Fault, is_stale, is_to_be_told
from instrument_share.foundation.interval import Interval

ALMATY = ZoneInfo("Asia/Almaty")
WINDOW = Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
DAY = timedelta(days=1)


def calendar(*events: str) -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTAMP:20260101T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for n, event in enumerate(events)
    )
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
    return f"{head}{body}END:VCALENDAR\r\n".encode()


def read(*events: str) -> list[str]:
    found = closures_in(calendar(*events), ALMATY, WINDOW)
    return [f"{it.start:%m-%dT%H:%M}/{it.end:%m-%dT%H:%M}" for it in found]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20260310T040000Z\r\nDTEND:20260310T060000Z", ["03-10T04:00/03-10T06:00"]),
        ("DTSTART:20260310T040000Z\r\nDURATION:PT90M", ["03-10T04:00/03-10T05:30"]),
        # all day and floating: on the instrument's clock, UTC+5
        ("DTSTART;VALUE=DATE:20260310\r\nDTEND;VALUE=DATE:20260312", ["03-09T19:00/03-11T19:00"]),
        ("DTSTART;VALUE=DATE:20260310", ["03-09T19:00/03-10T19:00"]),
        ("DTSTART:20260310T090000\r\nDTEND:20260310T100000", ["03-10T04:00/03-10T05:00"]),
        (
            "DTSTART;TZID=Europe/Berlin:20260310T090000\r\nDTEND;TZID=Europe/Berlin:20260310T100000",
            ["03-10T08:00/03-10T09:00"],
        ),
        # recurrences keep the wall time of their own zone, and leave out what is excepted
        (
            (
                "DTSTART;TZID=Europe/Berlin:20260323T090000\r\nDURATION:PT1H\r\n"
                "RRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;TZID=Europe/Berlin:20260406T090000"
            ),
            ["03-23T08:00/03-23T09:00", "03-30T07:00/03-30T08:00"],
        ),
        ("DTSTART:20260310T040000Z\r\nDTEND:20260310T060000Z\r\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20260310T040000Z\r\nDTEND:20260310T060000Z\r\nSTATUS:CANCELLED", []),
        ("DTSTART:20260310T040000Z", []),  # no length
        ("DTSTART:20250310T040000Z\r\nDTEND:20250310T060000Z", []),  # outside the window
    ],
)
def test_an_event_closes_the_instrument_when_it_takes_place(event, expected):
    assert read(event) == expected


def test_one_occurrence_can_be_moved_or_cancelled():
    series = "DTSTART:20260310T040000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3"
    moved = "RECURRENCE-ID:20260311T040000Z\r\nDTSTART:20260311T080000Z\r\nDURATION:PT1H"
    cancelled = "RECURRENCE-ID:20260312T040000Z\r\nDTSTART:20260312T040000Z\r\nSTATUS:CANCELLED"
    text = (
        calendar(series, moved, cancelled).replace(b"UID:1", b"UID:0").replace(b"UID:2", b"UID:0")
    )
    found = closures_in(text, ALMATY, WINDOW)
    assert [it.start.hour for it in found] == [4, 8]


def test_the_same_time_counts_once():
    event = "DTSTART:20260310T040000Z\r\nDTEND:20260310T060000Z"
    assert len(read(event, event)) == 1


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<html>Sign in</html>",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR",
        calendar("DTSTART:20260310T040000Z")[:-20],
        calendar("DTSTART:yesterday"),
        calendar("RRULE:FREQ=DAILY"),
        b"BEGIN:VEVENT\r\nDTSTART:20260310T040000Z\r\nEND:VEVENT\r\nEND:VCALENDAR",
        b"\xff\xfe\x00END:VCALENDAR",
    ],
)
def test_what_cannot_be_read_is_a_fault_and_no_empty_calendar(text):
    with pytest.raises(CalendarFault) as refused:
        closures_in(text, ALMATY, WINDOW)
    assert refused.value.code == Fault.UNREADABLE


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART:20260310T040000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY",
        "DTSTART:20260310T040000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=MINUTELY",
        "DTSTART:00010310T040000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=DAILY",
        "DTSTART:20260310T040000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=DAILY;BYHOUR="
        + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60))),
    ],
)  # fmt: skip
def test_what_would_take_forever_is_refused_before_it_is_expanded(event):
    with pytest.raises(CalendarFault) as refused:
        read(event)
    assert refused.value.code == Fault.TOO_MANY_EVENTS


def test_a_rule_that_never_comes_true_ends_with_the_patience_of_the_worker(monkeypatch):
    """It would be tried day by day until the year 9999, and five hundred of them are allowed."""
    monkeypatch.setattr("instrument_share.catalogue.outside.reading.MOST_READING", 0.2)
    began = time.process_time()
    with pytest.raises(CalendarFault) as refused:
        read(
            "DTSTART:20260310T040000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
        )
    assert refused.value.code == Fault.TOO_MANY_EVENTS
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("offset", "expected"), [("+0100", "03-10T08:00"), ("+0900", "03-10T00:00")]
)
def test_a_zone_of_the_calendars_own_holds_in_no_other_calendar(offset, expected):
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Home\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        f"TZOFFSETFROM:+0000\r\nTZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    text = calendar("DTSTART;TZID=Home:20260310T090000\r\nDURATION:PT1H")
    (found,) = closures_in(
        text.replace(b"BEGIN:VEVENT", zone.encode() + b"BEGIN:VEVENT", 1), ALMATY, WINDOW
    )
    assert f"{found.start:%m-%dT%H:%M}" == expected


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_refused(noise):
    text = calendar("DTSTART:20260310T040000Z\r\nDTEND:20260310T060000Z")
    for body in (noise, text[:60] + noise + text[60:]):
        try:
            found = closures_in(body, ALMATY, WINDOW)
        except CalendarFault:
            continue
        assert all(it.overlaps(WINDOW) for it in found)


AT = datetime(2026, 3, 10, tzinfo=UTC)


def test_the_last_good_state_holds_for_a_week():
    assert not is_stale(AT - 7 * DAY, AT)
    assert is_stale(AT - 7 * DAY - timedelta(seconds=1), AT)
    assert not is_stale(None, AT)


@pytest.mark.parametrize(
    ("last_ok", "since", "told", "expected"),
    [
        (None, AT, None, True),
        (AT - DAY, AT, None, False),
        (AT - DAY, AT - timedelta(hours=2), None, True),
        (AT - DAY, AT - timedelta(hours=2), AT - timedelta(hours=1), False),
        (None, AT - DAY, AT - DAY, False),
    ],
)
def test_managers_are_told_once_when_it_lasts(last_ok, since, told, expected):
    assert is_to_be_told(last_ok, since, told, AT) == expected
