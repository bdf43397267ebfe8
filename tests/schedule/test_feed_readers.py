"""A feed of a thousand events as three independent readers see it, one of them in another language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events

from instrument_share.foundation.calendar.document import Feed
from instrument_share.foundation.calendar.event import Event, Status
from instrument_share.foundation.interval import Interval
from tests.support.ical_js import Occurrence, occurrences

#: Zones with their own rules, and the instant of a change of clocks around which events lie.
CHANGES = {
    "Asia/Almaty": datetime(2024, 2, 29, 18, tzinfo=UTC),  # UTC+6 became UTC+5, for good
    "Africa/Cairo": datetime(2026, 4, 23, 22, tzinfo=UTC),  # summer time begins at midnight
    "Asia/Tehran": datetime(2022, 9, 21, 19, 30, tzinfo=UTC),  # the last summer time ended
    "Pacific/Apia": datetime(2011, 12, 30, 10, tzinfo=UTC),  # a Friday was left out
    "Asia/Kathmandu": datetime(2026, 1, 1, tzinfo=UTC),  # UTC+5:45, no change at all
    "Europe/London": datetime(2026, 10, 25, 1, tzinfo=UTC),  # an hour happens twice
    "America/St_Johns": datetime(2026, 3, 8, 5, 30, tzinfo=UTC),  # half-hour zone, clocks go forward
    "Europe/Berlin": datetime(2026, 3, 29, 1, tzinfo=UTC),
    "Asia/Shanghai": datetime(2026, 1, 1, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, 15, tzinfo=UTC),  # the clocks move by half an hour
}  # fmt: skip
STATES = list(Status)


def around(zone: str, count: int) -> Iterator[Event]:
    """Events of half an hour to eight hours, every 45 minutes around the zone's change."""
    first = CHANGES[zone] - timedelta(minutes=45) * (count // 2)
    for number in range(count):
        start = first + timedelta(minutes=45 * number)
        yield Event(
            uid=f"{zone}-{number}",
            sequence=number,
            status=STATES[number % len(STATES)],
            slot=Interval(start, start + timedelta(minutes=30 * (1 + number % 16))),
            zone=zone,
            changed_at=first,
            summary="透射电子显微镜; مجهر, taken\\",
            description="A line that is long enough to be folded in two, with ümlauts and 汉字 in it.",
        )


def expected(events: list[Event]) -> set[Occurrence]:
    return {(it.uid, it.slot.start, it.slot.end, str(it.status)) for it in events}


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return [event for zone in CHANGES for event in around(zone, 100)]


@pytest.fixture(scope="module")
def feed(events) -> bytes:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Feed(
        "Everything", "Asia/Shanghai", at, events=events, alarm=timedelta(minutes=30)
    ).encoded()


def test_icalendar_finds_every_occurrence(events, feed):
    calendar = icalendar.Calendar.from_ical(feed)
    assert not calendar.errors
    assert not any(event.errors for event in calendar.events)
    assert {
        (str(it["UID"]), it.start.astimezone(UTC), it.end.astimezone(UTC), str(it["STATUS"]))
        for it in calendar.events
    } == expected(events)


def test_recurring_ical_events_finds_the_same_occurrences(events, feed):
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(feed))
    assert {
        (str(it["UID"]), it.start.astimezone(UTC), it.end.astimezone(UTC), str(it["STATUS"]))
        for it in query.between(datetime(2011, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    } == expected(events)


def test_ical_js_finds_every_occurrence(events, feed):
    assert occurrences(feed) == expected(events)


@pytest.mark.parametrize("name", list(CHANGES))
def test_vtimezone_is_right_for_the_whole_span_in_another_reader(name):
    """Every week of fifteen years and every half hour around the change, past rules included."""
    change = CHANGES[name]
    moments = [datetime(2011, 1, 2, tzinfo=UTC) + timedelta(days=7 * n) for n in range(52 * 16)]
    moments += [change + timedelta(minutes=30 * n) for n in range(-60, 60)]
    spans = [
        Event(str(n), 0, Status.CONFIRMED, Interval(at, at + timedelta(minutes=30)), name, at, "")
        for n, at in enumerate(moments)
    ]
    read = occurrences(Feed("n", name, moments[0], events=spans).encoded())
    assert {(uid, start) for uid, start, *_ in read} == {
        (str(n), at) for n, at in enumerate(moments)
    }
