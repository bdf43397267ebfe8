"""Time zones, case by case: each row names the rule that it shows.

A case is a question to the code that the house itself uses, and its answer. Instants are written in UTC (`…Z`), wall
times without a zone; an exception as the answer means that the question is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel

from instrument_share.accounting.services.statements import month_at
from instrument_share.booking.availability import grid
from instrument_share.booking.availability.opening import opening_of
from instrument_share.booking.clock_changes import WallSlot, has_moved, keeping_wall_time
from instrument_share.booking.slot_form import slot_of
from instrument_share.booking.wall_time import filled_in, instant
from instrument_share.foundation.calendar.event import Event, Status
from instrument_share.foundation.clock import zone
from instrument_share.foundation.errors import InvalidInput
from instrument_share.foundation.http import show
from instrument_share.foundation.interval import Interval
from instrument_share.foundation.localtime import (
    AmbiguousTime,
    NonexistentTime,
    days_between,
    instant_of,
    midnight_of,
    wall_of,
)
from instrument_share.foundation.reader import writing_for
from instrument_share.foundation.spans import instant_at, second_after
from instrument_share.foundation.weekends import weekend_of
from instrument_share.identity.models import Institution
from instrument_share.reporting.rules import year_of

Case = tuple[str, Callable[[], Any], Any]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# --- how questions are asked --------------------------------------------------------------------------


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def slot(start: str, hours: float = 1) -> Interval:
    return Interval(at(start), at(start) + timedelta(hours=hours))


def span(stretch: Interval | None) -> tuple[str, str] | None:
    return (utc(stretch.start), utc(stretch.end)) if stretch else None


def meant(where: str, wall: str) -> str:
    """The instant that a wall time means."""
    return utc(instant_of(at(wall), zone(where)))


def midnight(where: str, day: str) -> str:
    return utc(midnight_of(date.fromisoformat(day), zone(where)))


def hours_of(where: str, day: str) -> float:
    """How long a local day is."""
    first = date.fromisoformat(day)
    return (midnight_of(first + DAY, zone(where)) - midnight_of(first, zone(where))) / HOUR


def open_on(where: str, day: str, hours: str) -> list[tuple[str, str]]:
    """When an instrument with these hours, all days alike, is open on a day."""
    first = date.fromisoformat(day)
    weekly = {name: [hours] for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    window = Interval(
        midnight_of(first - DAY, zone(where)), midnight_of(first + 2 * DAY, zone(where))
    )
    found = opening_of(weekly, zone(where), window)
    return [span(each) for each in found if wall_of(each.start, zone(where)).date() == first]  # type: ignore[misc]


def marks(where: str, first: str, count: int, minutes: int = 60) -> list[str]:
    """The next marks of the grid on which bookings begin and end."""
    found = [grid.next_mark(second_after(at(first)), zone(where), minutes * 60)]
    while len(found) < count:
        found.append(grid.next_mark(found[-1] + 60, zone(where), minutes * 60))
    return [utc(instant_at(mark)) for mark in found]


def weekly(where: str, wall: str, count: int) -> list[str]:
    """The same time of day, week after week."""
    return [utc(instant_of(at(wall) + number * 7 * DAY, zone(where))) for number in range(count)]


def read_in(reader: str, where: str, start: str, hours: float = 1) -> tuple[str, str, bool]:
    """What a reader is shown of a slot: the instrument's clock, their own, and whether they agree."""
    with writing_for("en", reader):
        told = show.period(slot(start, hours), where)
    plain = (text.replace("\u202f", " ") for text in (told.instrument_time, told.reader_time))
    return (*plain, told.same)  # type: ignore[return-value]


def typed(clock: str, day: str, start: str, end: str, **more: str) -> tuple[str, str]:
    """What a form of an instrument in Shanghai means that is filled in by a reader in Berlin."""
    zones = {"instrument": "Asia/Shanghai", "reader": "Europe/Berlin"}
    form = {"day": day, "start": start, "end": end, "zone": clock, **more}
    first, last = slot_of(form, zones)
    return utc(first), utc(last)


def in_feed(where: str, start: str) -> str:
    event = Event("uid", 0, Status.CONFIRMED, slot(start), where, at(start), "")
    return next(line for line in event.written().split("\r\n") if line.startswith("DTSTART"))


def month(where: str, period: str) -> tuple[str, str] | None:
    return span(month_at(Institution(time_zone=where), period))


def kept(where: str, start: str, wall: str) -> tuple[str, str] | None:
    """Where an hour that was made for `wall` goes when it is to be kept."""
    made_for = WallSlot(at(wall), at(wall) + HOUR)
    return span(keeping_wall_time(slot(start), made_for, zone(where)))


# --- the table ----------------------------------------------------------------------------------------

CLOCK_CHANGES: list[Case] = [
    ("a time that the clocks skip is refused", lambda: meant("Europe/Berlin", "2026-03-29 02:30"), NonexistentTime),
    ("the first time after the gap is meant plainly", lambda: meant("Europe/Berlin", "2026-03-29 03:00"), "2026-03-29T01:00Z"),
    ("the last time before the gap is, too", lambda: meant("Europe/Berlin", "2026-03-29 01:59"), "2026-03-29T00:59Z"),
    ("a time that comes twice is refused", lambda: meant("Europe/Berlin", "2026-10-25 02:30"), AmbiguousTime),
    ("of a time that comes twice the first can be chosen", lambda: utc(instant(at("2026-10-25 02:30"), "Europe/Berlin", "first")), "2026-10-25T00:30Z"),
    ("of a time that comes twice the second can be chosen", lambda: utc(instant(at("2026-10-25 02:30"), "Europe/Berlin", "second")), "2026-10-25T01:30Z"),
    ("the day on which clocks go forward has 23 hours", lambda: hours_of("Europe/Berlin", "2026-03-29"), 23),
    ("the day on which clocks go back has 25 hours", lambda: hours_of("Europe/Berlin", "2026-10-25"), 25),
    ("Lord Howe's clocks go forward by half an hour: 23.5 hours", lambda: hours_of("Australia/Lord_Howe", "2026-10-04"), 23.5),
    ("and back by half an hour: 24.5 hours", lambda: hours_of("Australia/Lord_Howe", "2026-04-05"), 24.5),
    ("in Lord Howe's half hour nothing can begin", lambda: meant("Australia/Lord_Howe", "2026-10-04 02:15"), NonexistentTime),
    ("Lord Howe's half hour comes twice in autumn", lambda: meant("Australia/Lord_Howe", "2026-04-05 01:45"), AmbiguousTime),
    ("Cairo, with summer time again since 2023, skips a midnight: the day begins with the change", lambda: midnight("Africa/Cairo", "2026-04-24"), "2026-04-23T22:00Z"),
    ("Cairo puts its clocks back at midnight, so that an evening hour comes twice", lambda: meant("Africa/Cairo", "2026-10-29 23:30"), AmbiguousTime),
    ("before 2023 Cairo had no summer time", lambda: meant("Africa/Cairo", "2022-06-01 12:00"), "2022-06-01T10:00Z"),
    ("since 2023 it has", lambda: meant("Africa/Cairo", "2023-06-01 12:00"), "2023-06-01T09:00Z"),
    ("Beirut skips a midnight: the day begins with the change", lambda: midnight("Asia/Beirut", "2026-03-29"), "2026-03-28T22:00Z"),
    ("Santiago skips a midnight: the day begins with the change", lambda: midnight("America/Santiago", "2026-09-06"), "2026-09-06T04:00Z"),
    ("where midnight is skipped the day is an hour shorter", lambda: hours_of("America/Santiago", "2026-09-06"), 23),
]  # fmt: skip

OFFSETS: list[Case] = [
    ("Kathmandu is three quarters of an hour off", lambda: meant("Asia/Kathmandu", "2026-01-01 00:00"), "2025-12-31T18:15Z"),
    ("Kabul is half an hour off", lambda: meant("Asia/Kabul", "2026-01-01 00:00"), "2025-12-31T19:30Z"),
    ("Kolkata is half an hour off", lambda: meant("Asia/Kolkata", "2026-01-01 09:00"), "2026-01-01T03:30Z"),
    ("St. John's is half an hour off on the other side", lambda: meant("America/St_Johns", "2026-01-15 09:00"), "2026-01-15T12:30Z"),
    ("Tehran had summer time until 2022", lambda: meant("Asia/Tehran", "2022-06-01 12:00"), "2022-06-01T07:30Z"),
    ("Tehran has none since", lambda: meant("Asia/Tehran", "2023-06-01 12:00"), "2023-06-01T08:30Z"),
    ("Chatham is 12:45 ahead in winter", lambda: meant("Pacific/Chatham", "2026-07-01 00:00"), "2026-06-30T11:15Z"),
    ("Chatham is 13:45 ahead in summer", lambda: meant("Pacific/Chatham", "2026-01-01 00:00"), "2025-12-31T10:15Z"),
    ("Urumqi keeps its own time two hours behind Beijing's", lambda: wall_of(at("2026-05-04T06:00Z"), zone("Asia/Urumqi")), at("2026-05-04 12:00")),
    ("an instrument in Urumqi on Beijing time says so by its zone", lambda: wall_of(at("2026-05-04T06:00Z"), zone("Asia/Shanghai")), at("2026-05-04 14:00")),
    ("Almaty until February 2024: UTC+6", lambda: meant("Asia/Almaty", "2024-02-28 12:00"), "2024-02-28T06:00Z"),
    ("Almaty since March 2024: UTC+5", lambda: meant("Asia/Almaty", "2024-03-01 12:00"), "2024-03-01T07:00Z"),
    ("Almaty's leap day of 2024 had 25 hours", lambda: hours_of("Asia/Almaty", "2024-02-29"), 25),
    ("and its last hour twice", lambda: meant("Asia/Almaty", "2024-02-29 23:30"), AmbiguousTime),
    ("a leap day is a day like others elsewhere", lambda: span(Interval(midnight_of(date(2028, 2, 29), zone("Asia/Shanghai")), midnight_of(date(2028, 3, 1), zone("Asia/Shanghai")))), ("2028-02-28T16:00Z", "2028-02-29T16:00Z")),
    ("a stretch over a leap day touches it", lambda: days_between(at("2028-02-28T15:00Z"), at("2028-02-29T17:00Z"), zone("Asia/Shanghai")), [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]),
    ("Samoa left out 30 December 2011 when it crossed the date line", lambda: meant("Pacific/Apia", "2011-12-30 12:00"), NonexistentTime),
    ("a day that was left out has no hours", lambda: hours_of("Pacific/Apia", "2011-12-30"), 0),
    ("Kiritimati begins a day 25 hours before Midway does", lambda: (midnight("Pacific/Kiritimati", "2026-06-01"), midnight("Pacific/Midway", "2026-06-01")), ("2026-05-31T10:00Z", "2026-06-01T11:00Z")),
]  # fmt: skip

OPENING_HOURS: list[Case] = [
    ("hours that span the gap are an hour shorter", lambda: open_on("Europe/Berlin", "2026-03-29", "00:00-06:00"), [("2026-03-28T23:00Z", "2026-03-29T04:00Z")]),
    ("hours that span the repeated hour are an hour longer", lambda: open_on("Europe/Berlin", "2026-10-25", "00:00-06:00"), [("2026-10-24T22:00Z", "2026-10-25T05:00Z")]),
    ("hours that begin in the gap begin with the change", lambda: open_on("Europe/Berlin", "2026-03-29", "02:30-06:00"), [("2026-03-29T01:00Z", "2026-03-29T04:00Z")]),
    ("hours that begin in the repeated hour begin with the first", lambda: open_on("Europe/Berlin", "2026-10-25", "02:30-06:00"), [("2026-10-25T00:30Z", "2026-10-25T05:00Z")]),
    ("hours that lie in the gap are none", lambda: open_on("Europe/Berlin", "2026-03-29", "02:10-02:50"), []),
    ("hours are wall time: before Cairo's change 08:30 is 06:30 UTC", lambda: open_on("Africa/Cairo", "2026-04-23", "08:30-12:00"), [("2026-04-23T06:30Z", "2026-04-23T10:00Z")]),
    ("after it 08:30 is 05:30 UTC", lambda: open_on("Africa/Cairo", "2026-04-25", "08:30-12:00"), [("2026-04-25T05:30Z", "2026-04-25T09:00Z")]),
    ("a day that was left out has no opening hours", lambda: open_on("Pacific/Apia", "2011-12-30", "09:00-17:00"), []),
    ("Almaty's hours followed its clocks in 2024", lambda: (open_on("Asia/Almaty", "2024-02-28", "09:00-10:00"), open_on("Asia/Almaty", "2024-03-02", "09:00-10:00")), ([("2024-02-28T03:00Z", "2024-02-28T04:00Z")], [("2024-03-02T04:00Z", "2024-03-02T05:00Z")])),
]  # fmt: skip

GRID: list[Case] = [
    ("Kathmandu's full hours lie at a quarter past in UTC", lambda: marks("Asia/Kathmandu", "2026-05-04T06:00Z", 2), ["2026-05-04T06:15Z", "2026-05-04T07:15Z"]),
    ("the grid has a mark for each of two like hours", lambda: marks("Europe/Berlin", "2026-10-24T23:30Z", 3), ["2026-10-25T00:00Z", "2026-10-25T01:00Z", "2026-10-25T02:00Z"]),
    ("the grid has no mark for a skipped hour", lambda: marks("Europe/Berlin", "2026-03-28T23:30Z", 3, 120), ["2026-03-29T02:00Z", "2026-03-29T04:00Z", "2026-03-29T06:00Z"]),
    ("after Lord Howe's half hour the grid is at full hours again", lambda: marks("Australia/Lord_Howe", "2026-10-03T15:00Z", 2), ["2026-10-03T16:00Z", "2026-10-03T17:00Z"]),
    ("a day without midnight begins its grid with its first instant", lambda: marks("Africa/Cairo", "2026-04-23T21:30Z", 2), ["2026-04-23T22:00Z", "2026-04-23T23:00Z"]),
]  # fmt: skip

SERIES: list[Case] = [
    ("a weekly time keeps its wall time when clocks go forward", lambda: weekly("Europe/Berlin", "2026-03-22 09:00", 3), ["2026-03-22T08:00Z", "2026-03-29T07:00Z", "2026-04-05T07:00Z"]),
    ("and when they go back", lambda: weekly("Europe/Berlin", "2026-10-18 09:00", 3), ["2026-10-18T07:00Z", "2026-10-25T08:00Z", "2026-11-01T08:00Z"]),
    ("a weekly time in the gap is refused on that day, not moved", lambda: weekly("Europe/Berlin", "2026-03-22 02:30", 2), NonexistentTime),
    ("a weekly time in Almaty kept its wall time in 2024", lambda: weekly("Asia/Almaty", "2024-02-26 09:00", 2), ["2024-02-26T03:00Z", "2024-03-04T04:00Z"]),
]  # fmt: skip

BOTH_ZONES: list[Case] = [
    ("both clocks are shown, each with its own date", lambda: read_in("America/New_York", "Asia/Shanghai", "2026-05-04T01:00Z"), ("Mon, May 4, 2026 9:00 AM – 10:00 AM", "Sun, May 3, 2026 9:00 PM – 10:00 PM", False)),
    ("over the reader's midnight the end has its date", lambda: read_in("Europe/Berlin", "Asia/Shanghai", "2026-05-03T21:30Z"), ("Mon, May 4, 2026 5:30 AM – 6:30 AM", "Sun, May 3, 2026 11:30 PM – Mon, May 4, 2026 12:30 AM", False)),
    ("before the reader's clocks change, seven hours apart", lambda: read_in("Europe/Berlin", "Asia/Shanghai", "2026-03-28T01:00Z")[:2], ("Sat, Mar 28, 2026 9:00 AM – 10:00 AM", "Sat, Mar 28, 2026 2:00 AM – 3:00 AM")),
    ("after it, six", lambda: read_in("Europe/Berlin", "Asia/Shanghai", "2026-03-30T01:00Z")[:2], ("Mon, Mar 30, 2026 9:00 AM – 10:00 AM", "Mon, Mar 30, 2026 3:00 AM – 4:00 AM")),
    ("while a reader's clocks go back, two hours look like one", lambda: read_in("Europe/Berlin", "Asia/Shanghai", "2026-10-25T00:00Z", 2)[1], "Sun, Oct 25, 2026 2:00 AM – 3:00 AM"),
    ("while the instrument's clocks go forward, an hour looks like two", lambda: read_in("Asia/Shanghai", "Europe/Berlin", "2026-03-29T00:30Z")[0], "Sun, Mar 29, 2026 1:30 AM – 3:30 AM"),
    ("two zones that agree are one line", lambda: read_in("Asia/Singapore", "Asia/Shanghai", "2026-05-04T01:00Z")[2], True),
    ("two zones that agree only before the change are two", lambda: read_in("Africa/Lagos", "Europe/Berlin", "2026-03-29T00:30Z")[2], False),
    ("three weeks a year New York is five hours behind Berlin, not six", lambda: read_in("America/New_York", "Europe/Berlin", "2026-03-15T12:00Z")[:2], ("Sun, Mar 15, 2026 1:00 PM – 2:00 PM", "Sun, Mar 15, 2026 8:00 AM – 9:00 AM")),
    ("a zone is named with its odd offset", lambda: show.zone_name("Asia/Kathmandu", at("2026-05-04T00:00Z")), "Kathmandu (\u2066UTC+5:45\u2069)"),
    ("a zone is named with the offset of that moment", lambda: show.zone_name("Asia/Almaty", at("2024-02-01T00:00Z")), "Almaty (\u2066UTC+6\u2069)"),
]  # fmt: skip

FORMS: list[Case] = [
    ("a form means the instrument's clock", lambda: typed("instrument", "2026-05-04", "09:00", "12:00"), ("2026-05-04T01:00Z", "2026-05-04T04:00Z")),
    ("unless it says the reader's", lambda: typed("reader", "2026-05-04", "09:00", "12:00"), ("2026-05-04T07:00Z", "2026-05-04T10:00Z")),
    ("the reader's day may be another one", lambda: typed("reader", "2026-05-04", "23:00", "01:00", ends_on="2026-05-05"), ("2026-05-04T21:00Z", "2026-05-04T23:00Z")),
    ("a time twice on the reader's clock is asked back", lambda: typed("reader", "2026-10-25", "02:30", "04:00"), InvalidInput),
    ("and taken with the choice", lambda: typed("reader", "2026-10-25", "02:30", "04:00", start_fold="second"), ("2026-10-25T01:30Z", "2026-10-25T03:00Z")),
    ("the same time on the instrument's clock needs no choice", lambda: typed("instrument", "2026-10-25", "02:30", "04:00"), ("2026-10-24T18:30Z", "2026-10-24T20:00Z")),
    ("a form is filled in with the choice that a slot means", lambda: filled_in(at("2026-10-25T01:30Z"), at("2026-10-25T03:00Z"), "Europe/Berlin")["start_fold"], "second"),
]  # fmt: skip

FEEDS: list[Case] = [
    ("a feed says the instrument's wall time and its zone", lambda: in_feed("Asia/Kathmandu", "2026-05-04T03:15Z"), "DTSTART;TZID=Asia/Kathmandu:20260504T090000"),
    ("the first of two like times is told in UTC, for readers do not agree which one is meant", lambda: in_feed("Europe/Berlin", "2026-10-25T00:30Z"), "DTSTART:20261025T003000Z"),
    ("the second is told in UTC, for no program could tell them apart", lambda: in_feed("Europe/Berlin", "2026-10-25T01:30Z"), "DTSTART:20261025T013000Z"),
    ("an instrument on UTC needs no zone", lambda: in_feed("UTC", "2026-05-04T03:15Z"), "DTSTART:20260504T031500Z"),
]  # fmt: skip

PERIODS: list[Case] = [
    ("a quota's year is UTC's: New Year's morning in Shanghai is in the old one", lambda: instant_of(at("2027-01-01 07:00"), zone("Asia/Shanghai")).year, 2026),
    ("a report's year is UTC's", lambda: span(year_of(2026)), ("2026-01-01T00:00Z", "2027-01-01T00:00Z")),
    ("a statement's month is the host's", lambda: month("Asia/Shanghai", "2026-12"), ("2026-11-30T16:00Z", "2026-12-31T16:00Z")),
    ("a month in which clocks change is an hour shorter", lambda: month("Europe/Berlin", "2026-03"), ("2026-02-28T23:00Z", "2026-03-31T22:00Z")),
    ("Almaty's February 2024 had a leap day and an hour more", lambda: month("Asia/Almaty", "2024-02"), ("2024-01-31T18:00Z", "2024-02-29T19:00Z")),
    ("months touch where midnight is skipped", lambda: month("Africa/Cairo", "2026-04")[1] == month("Africa/Cairo", "2026-05")[0], True),
]  # fmt: skip

WEEKENDS: list[Case] = [
    ("Egypt rests on Friday and Saturday", lambda: weekend_of("EG"), {4, 5}),
    ("Iran rests on Friday", lambda: weekend_of("IR"), {4}),
    ("India rests on Sunday", lambda: weekend_of("IN"), {6}),
    ("Kazakhstan rests on Saturday and Sunday", lambda: weekend_of("KZ"), {5, 6}),
    ("a territory that nobody knows rests as most do", lambda: weekend_of("ZZ"), {5, 6}),
]  # fmt: skip

NEW_RULES: list[Case] = [
    ("an hour made for 09:00 in Almaty is no longer at 09:00", lambda: has_moved(slot("2024-03-05T03:00Z"), WallSlot(at("2024-03-05 09:00"), at("2024-03-05 10:00")), zone("Asia/Almaty")), True),
    ("one before the change is", lambda: has_moved(slot("2024-02-20T03:00Z"), WallSlot(at("2024-02-20 09:00"), at("2024-02-20 10:00")), zone("Asia/Almaty")), False),
    ("keeping the wall time moves it by an hour", lambda: kept("Asia/Almaty", "2024-03-05T03:00Z", "2024-03-05 09:00"), ("2024-03-05T04:00Z", "2024-03-05T05:00Z")),
    ("a wall time that comes twice is kept at the nearer of the two", lambda: kept("Asia/Almaty", "2024-02-29T16:30Z", "2024-02-29 22:30"), ("2024-02-29T16:30Z", "2024-02-29T17:30Z")),
    ("a wall time that is skipped now cannot be kept", lambda: kept("Europe/Berlin", "2026-03-29T00:30Z", "2026-03-29 02:30"), None),
]  # fmt: skip

CASES = [
    *CLOCK_CHANGES, *OFFSETS, *OPENING_HOURS, *GRID, *SERIES, *BOTH_ZONES,
    *FORMS, *FEEDS, *PERIODS, *WEEKENDS, *NEW_RULES,
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def speaking() -> Iterator[None]:
    """An application that can do nothing but speak English."""
    app = Flask(__name__)
    Babel(app)
    with app.app_context(), writing_for("en", "UTC"):
        yield


@pytest.mark.parametrize(("question", "answer"), [pytest.param(*case[1:], id=case[0]) for case in CASES])  # fmt: skip
def test_rule(question: Callable[[], Any], answer: Any) -> None:
    if isinstance(answer, type) and issubclass(answer, Exception):
        with pytest.raises(answer):
            question()
    else:
        assert question() == answer


def test_no_rule_is_shown_twice() -> None:
    assert len({case[0] for case in CASES}) == len(CASES) >= 40
