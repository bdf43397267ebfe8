"""Recurrence rules: which ones are taken, and the wall times that they name."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Event, vRecur
from recurring_ical_events import of as occurrences_of

from instrument_share.booking.series.rules import (
    MOST_OCCURRENCES,
    ClockFault,
    Frequency,
    Occurrence,
    Rule,
    RuleFault,
    RuleRefused,
    expand,
    parse,
)


def expanded(rrule: str, first: str, zone: str) -> list[str]:
    """The occurrences as month-day and UTC time, those without an instant marked by why."""
    there = ZoneInfo(zone)
    begin = datetime.fromisoformat(first).replace(tzinfo=there).astimezone(UTC)
    return [
        f"{each.wall:%m-%d} "
        + (f"{each.start.astimezone(UTC):%H:%M}" if each.start else str(each.fault))
        for each in expand(parse(rrule), begin, there)
    ]


GAP, FOLD = ClockFault.NONEXISTENT.value, ClockFault.AMBIGUOUS.value

#: Rule, first start on the wall clock, zone, and every occurrence; the name says which rule of the calendar it shows.
TABLE = {
    "clocks forward: 09:00 stays 09:00 in Berlin": (
        "FREQ=WEEKLY;COUNT=3", "2026-03-22T09:00", "Europe/Berlin",
        ["03-22 08:00", "03-29 07:00", "04-05 07:00"],
    ),
    "clocks back: 09:00 stays 09:00 in Berlin": (
        "FREQ=WEEKLY;COUNT=3", "2026-10-18T09:00", "Europe/Berlin",
        ["10-18 07:00", "10-25 08:00", "11-01 08:00"],
    ),
    "a skipped time is told and not counted": (
        "FREQ=DAILY;COUNT=3", "2026-03-28T02:30", "Europe/Berlin",
        ["03-28 01:30", f"03-29 {GAP}", "03-30 00:30", "03-31 00:30"],
    ),
    "a repeated time is told and counted": (
        "FREQ=DAILY;COUNT=3", "2026-10-24T02:30", "Europe/Berlin",
        ["10-24 00:30", f"10-25 {FOLD}", "10-26 01:30"],
    ),
    "clocks back in the south in April": (
        "FREQ=WEEKLY;COUNT=2", "2026-04-01T10:00", "Australia/Sydney",
        ["04-01 23:00", "04-08 00:00"],
    ),
    "clocks change by half an hour on Lord Howe": (
        "FREQ=DAILY;COUNT=3", "2026-10-03T02:15", "Australia/Lord_Howe",
        ["10-03 15:45", f"10-04 {GAP}", "10-05 15:15", "10-06 15:15"],
    ),
    "clocks change at midnight in Cairo": (
        "FREQ=DAILY;COUNT=2", "2026-04-23T00:30", "Africa/Cairo",
        ["04-23 22:30", f"04-24 {GAP}", "04-25 21:30"],
    ),
    "no clock change in Shanghai": (
        "FREQ=MONTHLY;COUNT=3", "2026-02-10T09:00", "Asia/Shanghai",
        ["02-10 01:00", "03-10 01:00", "04-10 01:00"],
    ),
    "a quarter of an hour in Kathmandu": (
        "FREQ=DAILY;COUNT=2", "2026-03-02T09:00", "Asia/Kathmandu", ["03-02 03:15", "03-03 03:15"],
    ),
    "Almaty moved by an hour in 2024": (
        "FREQ=DAILY;COUNT=2", "2024-02-29T09:00", "Asia/Almaty", ["02-29 03:00", "03-01 04:00"],
    ),
    "a whole day was skipped in Samoa": (
        "FREQ=DAILY;COUNT=2", "2011-12-29T09:00", "Pacific/Apia",
        ["12-29 19:00", f"12-30 {GAP}", "12-31 19:00"],
    ),
    "months without a 31st are left out": (
        "FREQ=MONTHLY;COUNT=4", "2026-01-31T09:00", "UTC",
        ["01-31 09:00", "03-31 09:00", "05-31 09:00", "07-31 09:00"],
    ),
    "the last day of every month": (
        "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2026-01-31T09:00", "UTC",
        ["01-31 09:00", "02-28 09:00", "03-31 09:00"],
    ),
    "a leap day is a day like any other": (
        "FREQ=DAILY;COUNT=3", "2028-02-28T09:00", "UTC",
        ["02-28 09:00", "02-29 09:00", "03-01 09:00"],
    ),
    "the second Tuesday": (
        "FREQ=MONTHLY;BYDAY=2TU;COUNT=2", "2026-03-10T09:00", "UTC", ["03-10 09:00", "04-14 09:00"],
    ),
    "the last working day": (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "2026-01-30T09:00", "UTC",
        ["01-30 09:00", "02-27 09:00", "03-31 09:00"],
    ),
    "Monday and Thursday of every second week": (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=4", "2026-03-02T09:00", "UTC",
        ["03-02 09:00", "03-05 09:00", "03-16 09:00", "03-19 09:00"],
    ),
    "weeks that begin on Sunday (RFC 5545's example)": (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05T09:00", "UTC",
        ["08-05 09:00", "08-17 09:00", "08-19 09:00", "08-31 09:00"],
    ),
    "UNTIL includes its own instant": (
        "FREQ=DAILY;UNTIL=20260304T010000Z", "2026-03-02T09:00", "Asia/Shanghai",
        ["03-02 01:00", "03-03 01:00", "03-04 01:00"],
    ),
    "UNTIL a second before excludes it": (
        "FREQ=DAILY;UNTIL=20260304T005959Z", "2026-03-02T09:00", "Asia/Shanghai",
        ["03-02 01:00", "03-03 01:00"],
    ),
    "every year within two": (
        "FREQ=YEARLY;COUNT=3", "2026-03-02T09:00", "UTC",
        ["03-02 09:00", "03-02 09:00", "03-02 09:00"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_expansion(case):
    rrule, first, zone, expected = TABLE[case]
    assert expanded(rrule, first, zone) == expected


REFUSED = {
    "": RuleFault.UNREADABLE,
    "every week": RuleFault.UNREADABLE,
    "FREQ=WEEKLY;FREQ=DAILY;COUNT=2": RuleFault.UNREADABLE,
    "FREQ=WEEKLY;COUNT=2;" + "BYDAY=" + "MO," * 200: RuleFault.UNREADABLE,
    "FREQ=SECONDLY;COUNT=2": RuleFault.FREQUENCY,
    "FREQ=MINUTELY;COUNT=2": RuleFault.FREQUENCY,
    "FREQ=HOURLY;COUNT=2": RuleFault.FREQUENCY,
    "COUNT=2": RuleFault.FREQUENCY,
    "FREQ=DAILY;BYHOUR=9,10;COUNT=2": RuleFault.PART,
    "FREQ=DAILY;BYMINUTE=9;COUNT=2": RuleFault.PART,
    "FREQ=YEARLY;BYYEARDAY=1;COUNT=2": RuleFault.PART,
    "FREQ=YEARLY;BYWEEKNO=1;COUNT=2": RuleFault.PART,
    "FREQ=YEARLY;BYEASTER=0;COUNT=2": RuleFault.PART,
    "FREQ=WEEKLY;BYMONTHDAY=1;COUNT=2": RuleFault.PART,
    "FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=2": RuleFault.PART,
    "FREQ=MONTHLY;BYSETPOS=1;COUNT=2": RuleFault.PART,
    "FREQ=WEEKLY;INTERVAL=0;COUNT=2": RuleFault.VALUE,
    "FREQ=WEEKLY;INTERVAL=-1;COUNT=2": RuleFault.VALUE,
    "FREQ=WEEKLY;BYDAY=1MO;COUNT=2": RuleFault.VALUE,
    "FREQ=WEEKLY;BYDAY=XX;COUNT=2": RuleFault.VALUE,
    "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2": RuleFault.VALUE,
    "FREQ=MONTHLY;BYMONTHDAY=1,,2;COUNT=2": RuleFault.VALUE,
    "FREQ=DAILY;COUNT=0": RuleFault.VALUE,
    "FREQ=DAILY": RuleFault.ENDLESS,
    "FREQ=DAILY;COUNT=2;UNTIL=20260401T000000Z": RuleFault.TWO_ENDS,
    "FREQ=DAILY;UNTIL=20260401": RuleFault.UNTIL,
    "FREQ=DAILY;UNTIL=20260401T000000": RuleFault.UNTIL,
    "FREQ=DAILY;UNTIL=20261301T000000Z": RuleFault.UNTIL,
    "FREQ=DAILY;COUNT=201": RuleFault.TOO_MANY,
    "FREQ=DAILY;UNTIL=20261231T000000Z": RuleFault.TOO_MANY,
    "FREQ=DAILY;UNTIL=99991231T000000Z": RuleFault.TOO_MANY,
    "FREQ=MONTHLY;COUNT=26": RuleFault.TOO_FAR,
    "FREQ=YEARLY;UNTIL=20990101T000000Z": RuleFault.TOO_FAR,
    "FREQ=WEEKLY;BYDAY=TU;COUNT=2": RuleFault.FIRST,
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2": RuleFault.FIRST,
    "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=5;COUNT=2": RuleFault.FIRST,
    "FREQ=DAILY;UNTIL=20260301T000000Z": RuleFault.ALL_OVER,
}


@pytest.mark.parametrize("rrule", REFUSED)
def test_what_is_not_taken(rrule):
    with pytest.raises(RuleRefused) as refused:
        expanded(rrule, "2026-03-02T09:00", "Asia/Shanghai")
    assert refused.value.fault is REFUSED[rrule]


def test_a_rule_is_written_as_it_was_read():
    for text in (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU;COUNT=10",
        "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231T155959Z",
        "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1,-1;COUNT=4",
    ):
        assert str(parse(f"rrule:{text.lower()}")) == text


def test_the_first_time_is_the_one_that_was_meant():
    berlin = ZoneInfo("Europe/Berlin")
    for hour in (0, 1):
        first = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)  # both are 02:30
        found = expand(parse("FREQ=WEEKLY;COUNT=2"), first, berlin)
        assert found[0].start == first
        assert found[1].start == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tehran", "Pacific/Chatham", "Africa/Cairo")
RULES = st.builds(
    Rule,
    frequency=st.sampled_from(Frequency),
    interval=st.integers(1, 4),
    count=st.integers(1, 20),
)


def within_two_years(rule: Rule, first: datetime, zone: ZoneInfo) -> list[Occurrence]:
    """The expansion; rules that go on for longer are not what the law is about."""
    with suppress(RuleRefused):
        return expand(rule, first, zone)
    assume(False)
    return []


@settings(max_examples=60, deadline=None)
@given(
    rule=RULES,
    day=st.dates(date(2023, 1, 1), date(2027, 12, 31)),
    hour=st.integers(4, 22),  # clocks change earlier, and those of Cairo go back to 23:00
    zone=st.sampled_from(ZONES),
)
def test_other_programs_expand_alike(rule, day, hour, zone):
    """recurring-ical-events names the same instants for the same VEVENT."""
    there = ZoneInfo(zone)
    first = datetime.combine(day, time(hour), there)
    ours = within_two_years(rule, first.astimezone(UTC), there)
    event = Event()
    event.add("uid", "1")
    event.add("dtstart", first)
    event.add("dtend", first + timedelta(minutes=30))
    event.add("rrule", vRecur.from_ical(str(rule)))
    theirs = occurrences_of(event).between(first, first + timedelta(days=800))
    assert [each.start for each in ours] == sorted(
        each["DTSTART"].dt.astimezone(UTC) for each in theirs
    )


@settings(max_examples=60, deadline=None)
@given(
    rule=RULES,
    day=st.dates(date(2023, 1, 1), date(2027, 12, 31)),
    minute=st.integers(0, 24 * 60 - 1),
    zone=st.sampled_from(ZONES),
)
def test_the_wall_clock_is_kept(rule, day, minute, zone):
    there = ZoneInfo(zone)
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    first = wall.replace(tzinfo=there).astimezone(UTC)
    wall = first.astimezone(there).replace(tzinfo=None, fold=0)
    found = within_two_years(rule, first, there)
    assert 1 <= len(found) <= MOST_OCCURRENCES + 1
    assert {each.wall.time() for each in found} == {wall.time()}
    for each in found:
        shown = each.start and each.start.astimezone(there).replace(tzinfo=None, fold=0)
        assert shown == (None if each.fault else each.wall)
