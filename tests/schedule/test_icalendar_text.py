"""iCalendar text: escaping, folding, time zones and events, read back by programs that are not ours."""

from __future__ import annotations

import io
import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil.tz import tzical
from hypothesis import example, given
from hypothesis import strategies as st

from instrument_share.foundation.calendar.content import LONGEST_LINE, folded, parameter
from instrument_share.foundation.calendar.document import BusyKind, Feed, FreeBusy, Method, single
from instrument_share.foundation.calendar.event import Event, Mailbox, Status
from instrument_share.foundation.calendar.zones import vtimezone
from instrument_share.foundation.interval import Interval

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ZONES = (
    "Europe/Berlin", "Asia/Shanghai", "Asia/Almaty", "Africa/Cairo", "Africa/Casablanca", "Asia/Tehran",
    "Asia/Kathmandu", "America/Santiago", "Australia/Lord_Howe", "Europe/Dublin", "Pacific/Apia", "UTC",
)  # fmt: skip


def event(
    start: datetime = AT, hours: int = 4, zone: str = "Asia/Shanghai", **more: object
) -> Event:
    values: dict[str, object] = {
        "uid": "b7a1",
        "sequence": 2,
        "status": Status.CONFIRMED,
        "slot": Interval(start, start + timedelta(hours=hours)),
        "zone": zone,
        "changed_at": AT,
        "summary": "Taken",
    }
    return Event(**values | more)  # type: ignore[arg-type]


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
@example("\r\nBEGIN:VEVENT\r\nUID:evil")
@example("تجربة; مجهر, \\ 🔬\n" * 20)
def test_any_text_comes_back_and_begins_no_line(value):
    written = single(event(summary=value, description=value))
    lines = written.split(b"\r\n")
    assert all(len(line) <= LONGEST_LINE for line in lines)
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert sum(line == b"BEGIN:VEVENT" for line in lines) == 1
    one_kind_of_break = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = [c for c in one_kind_of_break if c == "\n" or unicodedata.category(c) != "Cc"]
    (read,) = icalendar.Calendar.from_ical(written).events
    assert str(read["DESCRIPTION"]) == str(read["SUMMARY"]) == "".join(kept)


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), max_size=400))
def test_folding_loses_nothing(line):
    assert folded(line).replace("\r\n ", "") == line


def test_a_folded_line_is_as_long_as_allowed():
    first, second, last = folded("x" * 160).split("\r\n")
    assert (len(first), len(second), len(last)) == (75, 75, 12)


def test_names_in_parameters_are_encoded_by_rfc_6868():
    assert parameter('Li "Lee" ^\nWei') == "\"Li ^'Lee^' ^^^nWei\""


@pytest.mark.parametrize("name", ZONES)
def test_vtimezone_tells_every_offset_of_the_tz_database(name):
    lines = [*vtimezone(name, 2025, 2027)]
    calendar = "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""])
    read, own = tzical(io.StringIO(calendar)).get(name), ZoneInfo(name)
    hour = datetime(2025, 1, 1, tzinfo=UTC)
    while hour.year < 2028:
        local = hour.astimezone(own).replace(tzinfo=None)
        # dateutil reads wall time: hours that exist twice are the first, as in RFC 5545
        if not hour.astimezone(own).fold:
            assert local.replace(tzinfo=read).utcoffset() == hour.astimezone(own).utcoffset(), hour
        hour += timedelta(hours=1)


def test_daylight_time_begins_by_the_clock_that_ran_before():
    lines = vtimezone("Europe/Berlin", 2026, 2026)
    begin = lines.index("BEGIN:DAYLIGHT")
    assert lines[begin + 1 : begin + 4] == (
        "DTSTART:20260329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
    )


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # over Europe's spring change
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # in the hour that Europe has twice: the first
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # and the second
        datetime(2026, 12, 31, 22, 0, tzinfo=UTC),
        datetime(2026, 2, 28, 23, 0, tzinfo=UTC),
    ],
)
def test_events_keep_their_instants_in_every_reader(zone, start):
    feed = Feed("n", zone, AT, events=[event(start, zone=zone)]).encoded()
    one = icalendar.Calendar.from_ical(feed).events[0]
    other = vobject.readOne(feed.decode()).vevent
    for begin, end in ((one.start, one.end), (other.dtstart.value, other.dtend.value)):
        assert begin.astimezone(UTC) == start
        assert end.astimezone(UTC) == start + timedelta(hours=4)


def test_every_zone_used_has_one_vtimezone_home_first():
    events = [event(zone="Europe/Berlin"), event(zone="Asia/Shanghai"), event(zone="Europe/Berlin")]
    read = icalendar.Calendar.from_ical(Feed("n", "Asia/Almaty", AT, events=events).encoded())
    assert [str(zone["TZID"]) for zone in read.timezones] == [
        "Asia/Almaty",
        "Europe/Berlin",
        "Asia/Shanghai",
    ]


def test_an_empty_feed_is_whole():
    read = icalendar.Calendar.from_ical(Feed("Empty", "Asia/Almaty", AT).encoded())
    assert read.subcomponents
    assert str(read["X-WR-CALNAME"]) == "Empty"
    assert read["REFRESH-INTERVAL"].dt == timedelta(minutes=15)
    assert str(read["X-PUBLISHED-TTL"]) == "PT15M"


def test_an_invitation_says_what_to_do_and_who_takes_part():
    written = single(
        event(
            organizer=Mailbox("desk@host.example", "Desk"), attendee=Mailbox("li@x.example", "李")
        ),
        Method.REQUEST,
    )
    read = icalendar.Calendar.from_ical(written)
    assert str(read["METHOD"]) == "REQUEST"
    assert str(read.events[0]["ORGANIZER"]) == "mailto:desk@host.example"
    assert read.events[0]["ATTENDEE"].params["CN"] == "李"
    assert read.events[0]["SEQUENCE"] == 2


def test_free_busy_is_told_in_utc():
    slot = Interval(AT, AT + timedelta(hours=1))
    window = Interval(AT - timedelta(days=1), AT + timedelta(days=1))
    written = FreeBusy("u", window, AT, [(slot, BusyKind.TENTATIVE)]).encoded()
    (busy,) = icalendar.Calendar.from_ical(written).walk("VFREEBUSY")
    assert busy["FREEBUSY"].params["FBTYPE"] == "BUSY-TENTATIVE"
    assert vobject.readOne(written.decode()).vfreebusy.freebusy.value[0][0] == AT
