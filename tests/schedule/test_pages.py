"""The page of calendar addresses, the timeline, and a booking as a file."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest

from instrument_share.booking.appointments import uid_of
from tests.support.builders import make_person
from tests.support.signing import sign_in

DAY = timedelta(days=1)


def test_the_calendars_page_asks_for_sign_in(client, session):
    answer = client.get("/calendars")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_the_calendars_page_tells_addresses_that_open(client, session, scene, count_queries):
    scene.ask()
    sign_in(client, scene.applicant)
    session.commit()
    with count_queries() as queries:
        page = client.get("/calendars").text
    assert queries.count <= 7, queries
    base = "http://127.0.0.1:8000"
    public = f"/calendars/instruments/{scene.instrument.slug}.ics"
    assert base + public in page
    assert f"{base}/calendars/facilities/{scene.instrument.facility.slug}.ics" in page
    private = page.split(f"{base}/calendars/private/")[1].split(".ics")[0]
    assert client.get(f"/calendars/private/{private}.ics").status_code == 200


def test_a_new_address_replaces_the_old_one(client, session, scene):
    sign_in(client, scene.applicant)

    def address():
        return (
            "/calendars/private/"
            + client.get("/calendars").text.split("/private/")[1].split(".ics")[0]
        )

    old = address()
    assert client.post("/calendars/revoke").status_code == 302
    assert address() != old


def test_a_booking_can_be_taken_as_a_file(client, session, scene):
    booking = scene.ask()
    sign_in(client, scene.applicant)
    answer = client.get(f"/bookings/{booking.reference}.ics")
    (event,) = icalendar.Calendar.from_ical(answer.data).events
    assert str(event["UID"]) == uid_of(booking.reference)
    assert answer.headers["Content-Disposition"] == f'inline; filename="{booking.reference}.ics"'


def test_somebody_elses_booking_cannot(client, session, scene):
    booking = scene.ask()
    sign_in(client, make_person())
    assert client.get(f"/bookings/{booking.reference}.ics").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_the_pages_speak_every_language(client, session, scene, language):
    scene.ask()
    sign_in(client, scene.applicant)
    sheet = f"/instruments/{scene.instrument.slug}/week-sheet"
    for path in ("/calendars", "/schedule?day=2026-03-03", sheet):
        page = client.get(path + ("&" if "?" in path else "?") + f"lang={language}").text
        assert f'lang="{language}"' in page
        assert scene.instrument.names[language] in page
