"""Feeds as calendar programs see them: read by two libraries and compared with the bookings."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from instrument_share.booking import services
from instrument_share.booking.appointments import uid_of
from instrument_share.foundation.interval import Interval
from tests.schedule.reading import private_path, read, slot_of
from tests.support.builders import AT, make_booking, make_closure, make_instrument, make_person

DAY = timedelta(days=1)


def test_the_public_feed_shows_held_time_and_nothing_about_people(client, session, scene):
    asked = scene.ask(purpose="A very secret purpose")
    sure = scene.confirm(scene.ask(starts_at=AT + 3 * DAY))
    calendar = read(client, f"/calendars/instruments/{scene.instrument.slug}.ics")
    assert {(slot_of(e), str(e["STATUS"]), e["SEQUENCE"]) for e in calendar.events} == {
        ((asked.held_from, asked.held_until), "TENTATIVE", asked.sequence),
        ((sure.held_from, sure.held_until), "CONFIRMED", sure.sequence),
    }
    text = calendar.to_ical().decode()
    for secret in (
        asked.reference, uid_of(asked.reference), scene.applicant.display_name, scene.applicant.email, "secret",
        scene.applicant.institution.names["en"],
    ):  # fmt: skip
        assert secret not in text


def test_times_are_told_on_the_instruments_clock_with_its_zone(client, session, scene):
    scene.ask()
    text = client.get(f"/calendars/instruments/{scene.instrument.slug}.ics").text
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\n" in text
    assert "DTSTART;TZID=Asia/Shanghai:20260303T113000\r\n" in text  # half an hour of setup before
    assert not re.search(r"(?<!\r)\n", text)


def test_the_facilitys_feed_names_its_instruments(client, session, scene):
    other = make_instrument(scene.instrument.facility)
    bookings = {scene.instrument: scene.ask(), other: make_booking(other, scene.applicant)}
    make_booking(make_instrument(), scene.applicant)  # of another facility
    calendar = read(client, f"/calendars/facilities/{other.facility.slug}.ics")
    assert {(str(e["SUMMARY"]), *slot_of(e)) for e in calendar.events} == {
        (f"{instrument.name('en')}: Taken", booking.held_from, booking.held_until)
        for instrument, booking in bookings.items()
    }


def test_a_persons_feed_is_their_bookings(client, session, scene):
    mine = [scene.ask(), scene.confirm(scene.ask(starts_at=AT + 3 * DAY))]
    make_booking(scene.instrument, make_person(), starts_at=AT + 5 * DAY)
    calendar = read(client, private_path(scene.applicant))
    assert {
        (str(e["UID"]), *slot_of(e), str(e["STATUS"]), e["SEQUENCE"]) for e in calendar.events
    } == {
        (uid_of(b.reference), b.starts_at, b.ends_at, status, b.sequence)
        for b, status in zip(mine, ("TENTATIVE", "CONFIRMED"), strict=True)
    }
    event = calendar.events[0]
    assert str(event["URL"]).endswith(f"/bookings/{mine[0].reference}")
    assert str(event["LOCATION"]) == scene.instrument.facility.name("en")


def test_a_draft_is_in_no_feed(client, session, scene):
    from tests.support.builders import request_for

    services.create_draft(request_for(scene.instrument), by=scene.applicant, at=AT)
    assert not read(client, private_path(scene.applicant)).events
    assert not read(client, f"/calendars/instruments/{scene.instrument.slug}.ics").events


@pytest.mark.parametrize("action", ["cancel", "withdraw"])
def test_what_is_called_off_is_told_for_a_month(client, session, scene, present, action):
    booking = scene.ask(starts_at=AT + 60 * DAY)
    before = booking.sequence
    getattr(services, action)(booking.reference, by=scene.applicant, at=AT, version=None)
    for path in (
        private_path(scene.applicant),
        f"/calendars/instruments/{scene.instrument.slug}.ics",
    ):
        present.move_to(AT + 30 * DAY)
        (event,) = read(client, path).events
        assert str(event["STATUS"]) == "CANCELLED"
        assert event["SEQUENCE"] > before
        present.move_to(AT + 40 * DAY)
        assert not read(client, path).events


def test_the_sequence_rises_and_the_uid_stays(client, session, scene):
    booking = scene.ask()
    path, seen = private_path(scene.applicant), []

    def look():
        (event,) = read(client, path).events
        seen.append((str(event["UID"]), event["SEQUENCE"], slot_of(event)[0]))

    look()
    scene.confirm(booking)
    look()
    services.reschedule(
        booking.reference,
        by=scene.applicant,
        at=AT,
        version=None,
        starts_at=AT + 2 * DAY,
        ends_at=AT + 2 * DAY + timedelta(hours=4),
    )
    look()
    assert len({uid for uid, _, _ in seen}) == 1
    assert seen[0][1] < seen[1][1] < seen[2][1]
    assert [start for *_, start in seen] == [AT + DAY, AT + DAY, AT + 2 * DAY]


def test_closures_are_told(client, session, scene):
    make_closure(scene.instrument, Interval(AT + DAY, AT + 2 * DAY))
    make_closure(scene.instrument, Interval(AT + 3 * DAY, AT + 4 * DAY), kind="opening")
    (event,) = read(client, f"/calendars/instruments/{scene.instrument.slug}.ics").events
    assert str(event["SUMMARY"]) == "Closed"
    assert slot_of(event) == (AT + DAY, AT + 2 * DAY)
    (event,) = read(client, f"/calendars/facilities/{scene.instrument.facility.slug}.ics").events
    assert str(event["SUMMARY"]) == f"{scene.instrument.name('en')}: Closed"


def test_a_feed_speaks_the_language_asked_for(client, session, scene):
    scene.ask()
    path = f"/calendars/instruments/{scene.instrument.slug}.ics"
    chinese = client.get(path, query_string={"lang": "zh-Hans"})
    assert scene.instrument.names["zh-Hans"] in chinese.text
    assert chinese.headers["Content-Language"] == "zh-Hans"
    assert scene.instrument.names["en"] in client.get(path).text
    arabic = client.get(path, headers={"Accept-Language": "ar-EG, en;q=0.5"})
    assert arabic.headers["Content-Language"] == "ar"
    tags = {answer.headers["ETag"] for answer in (chinese, arabic, client.get(path))}
    assert len(tags) == 3


def test_a_persons_feed_speaks_their_language(client, session, scene):
    scene.applicant.language = "ar"
    scene.confirm(scene.ask())
    (event,) = read(client, private_path(scene.applicant)).events
    assert str(event["SUMMARY"]) == scene.instrument.names["ar"]


def test_a_persons_feed_says_on_which_position(client, session, scene):
    scene.instrument.positions = 2
    scene.instrument.position_names = [{"en": "Hutch A"}, {"en": "Hutch B"}]
    booking = scene.ask(position=2)
    (event,) = read(client, private_path(scene.applicant)).events
    assert booking.position == 2
    assert "Hutch B" in str(event["DESCRIPTION"])


def test_text_in_names_cannot_begin_a_line(client, session, scene):
    scene.instrument.names = {"en": "TEM\r\nBEGIN:VEVENT\r\nX-EVIL:1; a, b\\"}
    text = client.get(f"/calendars/instruments/{scene.instrument.slug}.ics").text
    assert "\r\nBEGIN:VEVENT" not in text
    assert "\r\nX-EVIL" not in text


def test_european_summer_time_is_kept(client, session, scene):
    scene.instrument.facility.time_zone = "Europe/Berlin"
    start = datetime(2026, 3, 29, 0, tzinfo=UTC)  # the clocks go forward at 01:00 UTC
    booking = scene.ask(starts_at=start)
    (event,) = read(client, private_path(scene.applicant)).events
    assert slot_of(event) == (booking.starts_at, booking.ends_at)
    assert event.start.strftime("%H:%M") == "01:00"
    assert event.end.strftime("%H:%M") == "06:00"
