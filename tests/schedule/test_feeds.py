"""Feeds as calendar programs see them: read by two libraries and compared with the bookings."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject

from instrument_share.booking import services
from instrument_share.booking.appointments import uid_of
from instrument_share.foundation.interval import Interval
from instrument_share.foundation.signals import instrument_changed
from instrument_share.identity.models import Person
from instrument_share.schedule.addresses import calendar_url
from instrument_share.schedule.services import revoke_address
from tests.support.builders import AT, make_booking, make_closure, make_instrument, make_person

DAY = timedelta(days=1)


def private_path(person: Person) -> str:
    return "/" + calendar_url(person).split("/", 3)[3]


def read(client, path):
    """The feed by icalendar, after both libraries have found the same events in it."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/calendar"
    assert answer.content_encoding is None
    calendar = icalendar.Calendar.from_ical(answer.data)
    other = vobject.readOne(answer.text)
    theirs = {
        (event.uid.value, event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC))
        for event in other.contents.get("vevent", [])
    }
    assert theirs == {(str(e["UID"]), *slot_of(e)) for e in calendar.events}
    return calendar


def slot_of(event):
    return event.start.astimezone(UTC), event.end.astimezone(UTC)


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


@pytest.mark.parametrize("kind", ["instrument", "facility", "private"])
def test_an_unchanged_feed_takes_one_statement(client, session, scene, count_queries, kind):
    scene.ask()
    path = {
        "instrument": f"/calendars/instruments/{scene.instrument.slug}.ics",
        "facility": f"/calendars/facilities/{scene.instrument.facility.slug}.ics",
        "private": private_path(scene.applicant),
    }[kind]
    first = client.get(path)
    assert first.headers["Last-Modified"]
    assert not first.headers["ETag"].startswith("W/")
    for header in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-None-Match": f'"other", W/{first.headers["ETag"]}'},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        with count_queries() as queries:
            again = client.get(path, headers=header)
        assert (again.status_code, again.data) == (304, b""), header
        assert again.headers["ETag"] == first.headers["ETag"]
        assert queries.count == 1, queries


def test_a_whole_feed_takes_few_statements(client, session, scene, count_queries):
    for n in range(1, 9):
        scene.ask(starts_at=AT + n * DAY)
    session.commit()
    for path, most in (
        (f"/calendars/instruments/{scene.instrument.slug}.ics", 3),
        (f"/calendars/facilities/{scene.instrument.facility.slug}.ics", 4),
        (private_path(scene.applicant), 2),
    ):
        with count_queries() as queries:
            client.get(path)
        assert queries.count <= most, queries


def test_every_change_makes_a_new_validator(client, session, scene):
    paths = (
        f"/calendars/instruments/{scene.instrument.slug}.ics",
        f"/calendars/facilities/{scene.instrument.facility.slug}.ics",
        private_path(scene.applicant),
    )

    def tags():
        return [client.head(path).headers["ETag"] for path in paths]

    seen = [tags()]
    booking = scene.ask()
    seen.append(tags())
    scene.confirm(booking)
    seen.append(tags())
    services.cancel(booking.reference, by=scene.applicant, at=AT, version=None)
    seen.append(tags())
    for of_one_feed in zip(*seen, strict=True):
        assert len(set(of_one_feed)) == len(seen)


def test_a_changed_instrument_changes_the_calendars_of_who_is_to_come(client, session, scene):
    scene.ask()
    path = private_path(scene.applicant)
    before = client.head(path).headers["ETag"]
    instrument_changed.send(scene.instrument, by=scene.manager, at=AT)
    assert client.head(path).headers["ETag"] != before


def test_head_is_get_without_the_text(client, session, scene):
    path = f"/calendars/instruments/{scene.instrument.slug}.ics"
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length"):
        assert head.headers[name] == whole.headers[name]


def test_a_revoked_address_opens_nothing_and_the_new_one_does(client, session, scene):
    old = private_path(scene.applicant)
    for _ in range(2):
        revoke_address(scene.applicant, at=AT)
        new = private_path(scene.applicant)
        assert client.get(old).status_code == 404
        assert client.get(new).status_code == 200
        old = new


def test_a_suspended_persons_address_opens_nothing(client, session, scene):
    path = private_path(scene.applicant)
    scene.applicant.suspended_at = AT
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("token", ["not-a-real-secret", "1", "1-", "9" * 30, "1-%C3%A9"])
def test_a_wrong_secret_address_is_not_found(client, token):
    assert client.get(f"/calendars/private/{token}.ics").status_code == 404


def test_unknown_feeds_are_not_found(client):
    for path in ("instruments/none.ics", "facilities/none.ics", "instruments/none/freebusy.ics"):
        assert client.get(f"/calendars/{path}").status_code == 404


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


def test_secret_addresses_are_not_kept_by_shared_caches(client, session, scene):
    answer = client.get(private_path(scene.applicant))
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_free_and_busy_time_is_told_by_kind(client, session, scene):
    asked, sure = scene.ask(), scene.confirm(scene.ask(starts_at=AT + 3 * DAY))
    make_closure(scene.instrument, Interval(AT + 5 * DAY, AT + 9 * DAY))
    window = {"from": AT.isoformat(), "until": (AT + 7 * DAY).isoformat()}
    answer = client.get(
        f"/calendars/instruments/{scene.instrument.slug}/freebusy.ics", query_string=window
    )
    (told,) = icalendar.Calendar.from_ical(answer.data).walk("VFREEBUSY")
    assert {(period.params["FBTYPE"], period.start, period.end) for period in told["FREEBUSY"]} == {
        ("BUSY-TENTATIVE", asked.held_from, asked.held_until),
        ("BUSY", sure.held_from, sure.held_until),
        ("BUSY-UNAVAILABLE", AT + 5 * DAY, AT + 7 * DAY),
    }


def test_time_that_was_blocked_and_released_is_not_busy(client, session, scene):
    blocked = Interval(AT + 2 * DAY, AT + 3 * DAY)
    make_closure(scene.instrument, blocked, "blocking").release_minutes = 3 * 24 * 60
    make_closure(scene.instrument, Interval(AT + 5 * DAY, AT + 6 * DAY), "blocking")
    window = {"from": AT.isoformat(), "until": (AT + 7 * DAY).isoformat()}
    answer = client.get(
        f"/calendars/instruments/{scene.instrument.slug}/freebusy.ics", query_string=window
    )
    (told,) = icalendar.Calendar.from_ical(answer.data).walk("VFREEBUSY")
    busy = told["FREEBUSY"]
    periods = busy if isinstance(busy, list) else [busy]
    assert [(period.start, period.end) for period in periods] == [(AT + 5 * DAY, AT + 6 * DAY)]


def test_a_persons_feed_says_on_which_position(client, session, scene):
    scene.instrument.positions = 2
    scene.instrument.position_names = [{"en": "Hutch A"}, {"en": "Hutch B"}]
    booking = scene.ask(position=2)
    (event,) = read(client, private_path(scene.applicant)).events
    assert booking.position == 2
    assert "Hutch B" in str(event["DESCRIPTION"])


def test_an_instrument_with_a_free_position_is_not_busy(client, session, scene):
    scene.instrument.positions = 2
    path = f"/calendars/instruments/{scene.instrument.slug}/freebusy.ics"
    scene.ask()
    assert "FREEBUSY;" not in client.get(path).text
    make_booking(scene.instrument, make_person())
    assert "FREEBUSY;" in client.get(path).text


@pytest.mark.parametrize(
    "window",
    [
        {"from": "yesterday"},
        {"from": "2026-03-02T09:00:00"},
        {"from": "2026-03-02T09:00:00Z", "until": "2026-03-02T09:00:00Z"},
        {"from": "2026-03-02T09:00:00Z", "until": "2028-03-02T09:00:00Z"},
    ],
)
def test_a_window_that_means_nothing_is_refused(client, session, scene, window):
    path = f"/calendars/instruments/{scene.instrument.slug}/freebusy.ics"
    assert client.get(path, query_string=window).status_code == 422


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
