"""The waiting list by page and by call."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from instrument_share.booking import services
from instrument_share.booking.models import Booking
from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.values import JoinRequest, WatchRequest
from instrument_share.identity.services import issue_token
from tests.support.builders import AT, make_institution, make_person
from tests.support.marks import one_engine
from tests.support.signing import sign_in

pytestmark = [one_engine, pytest.mark.usefixtures("present")]

TUESDAY = AT + timedelta(days=1)


@pytest.fixture
def person(session):
    return make_person(make_institution())


@pytest.fixture
def call(client, session, person):
    """Calls the API as the person."""
    secret, _ = issue_token(person, "test", at=AT)
    session.commit()

    def send(path, body=None, *, method=None, **headers):
        headers |= {"Authorization": f"Bearer {secret}"}
        send = getattr(client, method or ("get" if body is None else "post"))
        return send(f"/api/v1{path}", headers=headers, **({} if body is None else {"json": body}))

    return send


def booking_body(scene) -> dict[str, object]:
    return {
        "instrument": scene.instrument.slug, "access_mode": "on_site", "purpose": "Films",
        "starts_at": TUESDAY.isoformat(), "ends_at": (TUESDAY + timedelta(hours=4)).isoformat(),
    }  # fmt: skip


def cancel(session, booking) -> None:
    services.cancel(booking.reference, by=booking.applicant, at=AT, version=None)
    session.commit()


def stands_in_line(scene, person, **values):
    request = {
        "instrument": scene.instrument.slug, "access_mode": "on_site", "purpose": "Films",
        "since": TUESDAY, "until": TUESDAY + timedelta(hours=8), "minutes": 240, "time_zone": "UTC",
    }  # fmt: skip
    return waiting.join(JoinRequest(**request | values), by=person, at=AT)


def test_from_a_refusal_to_an_accepted_offer_by_call(session, scene, call):
    booking = scene.ask()
    refusal = call("/bookings", booking_body(scene))
    assert (refusal.status_code, refusal.json["code"]) == (409, "slot_taken")
    way = refusal.json["waiting_list"]
    assert way["url"] == "/api/v1/waiting-list"

    headers = {"Idempotency-Key": "once"}
    joined = call("/waiting-list", way["body"], **headers)
    assert joined.status_code == 201
    assert call("/waiting-list", way["body"], **headers).json == joined.json
    again = call("/waiting-list", way["body"])
    assert (again.status_code, again.json["code"]) == (409, "already_waiting")
    entry = joined.json
    assert (entry["state"], entry["place"], entry["offer"]) == ("waiting", 1, None)
    assert (entry["minutes"], entry["time_zone"]) == (240, "Asia/Almaty")

    cancel(session, booking)
    listed = call("/waiting-list").json
    assert listed["total"] == 1
    offer = listed["items"][0]["offer"]
    assert (offer["starts_at"], offer["answer_by"]) == (
        "2026-03-03T04:00:00Z",
        "2026-03-02T10:00:00Z",
    )
    offered = call(f"/bookings/{offer['booking']}").json
    assert (offered["state"], offered["actions"]) == ("offered", ["submit", "cancel"])

    accepted = call(f"/waiting-list/{entry['reference']}/actions/accept", {})
    assert (accepted.json["state"], accepted.json["place"]) == ("accepted", None)
    assert call(f"/bookings/{offer['booking']}").json["state"] == "submitted"
    late = call(f"/waiting-list/{entry['reference']}/actions/decline", {})
    assert (late.status_code, late.json["code"]) == (409, "nothing_offered")


def test_an_offer_is_accepted_or_declined_as_a_booking_too(session, scene, call):
    booking = scene.ask()
    body = {
        "instrument": scene.instrument.slug, "access_mode": "on_site", "purpose": "Films",
        "from": "2026-03-03T00:00:00Z", "until": "2026-03-04T00:00:00Z", "minutes": 120,
        "not_before": "10:00", "weekdays": ["tue"],
    }  # fmt: skip
    entry = call("/waiting-list", body).json
    assert (entry["not_before"], entry["not_after"], entry["weekdays"]) == ("10:00", None, ["tue"])
    cancel(session, booking)
    offer = call(f"/waiting-list/{entry['reference']}").json["offer"]
    assert offer["starts_at"] == "2026-03-03T05:00:00Z"  # 10:00 in Almaty
    version = {"If-Match": f'"{offer["version"]}"'}
    done = call(f"/bookings/{offer['booking']}/actions/cancel", {}, **version)
    assert (done.status_code, done.json["state"]) == (200, "cancelled")
    left = call(f"/waiting-list/{entry['reference']}/actions/leave", {})
    assert (left.status_code, left.json["state"]) == (200, "left")


WRONG = [
    ({"from": "2026-03-05T00:00:00Z"}, "until"),
    ({"from": "2026-03-03T00:00:00"}, "from"),
    ({"minutes": "many"}, "minutes"),
    ({"minutes": 0}, "minutes"),
    ({"not_before": "soon"}, "not_before"),
    ({"weekdays": ["someday"]}, "weekdays.0"),
    ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ({"instrument": "none"}, "instrument"),
    ({"access_mode": "teleport"}, "access_mode"),
    ({"purpose": " "}, "purpose"),
    ({"state": "offered"}, "state"),
]


def test_a_wish_that_means_nothing_is_refused_by_its_field(session, scene, call):
    good = {
        "instrument": scene.instrument.slug, "access_mode": "on_site", "purpose": "Films",
        "from": "2026-03-03T00:00:00Z", "until": "2026-03-04T00:00:00Z", "minutes": 120,
    }  # fmt: skip
    session.commit()
    for wrong, field in WRONG:
        answer = call("/waiting-list", good | wrong)
        assert answer.status_code == 422, (wrong, answer.json)
        assert field in answer.json["errors"], (wrong, answer.json)
    assert call("/waiting-list").json["total"] == 0


def test_watching_by_call(session, scene, call):
    session.commit()
    slug = scene.instrument.slug
    watched = call("/watches", {"instrument": slug, "days": 14})
    assert (watched.status_code, watched.json["days"]) == (201, 14)
    assert call("/watches", {"instrument": slug, "days": 7}).status_code == 201
    assert [each["days"] for each in call("/watches").json["items"]] == [7]
    assert call("/watches", {"instrument": slug, "days": 0}).status_code == 422
    assert call(f"/watches/{slug}", method="delete").status_code == 204
    assert call("/watches").json["total"] == 0


def test_nothing_of_somebody_elses_by_call(session, scene, call):
    booking = scene.ask()
    entry = stands_in_line(scene, make_person(make_institution()))
    cancel(session, booking)
    for action in ("accept", "decline", "leave"):
        path = f"/waiting-list/{entry.reference}/actions/{action}"
        assert call(path, {}).status_code == 404
    assert call(f"/waiting-list/{entry.reference}").status_code == 404
    assert call("/waiting-list").json["total"] == 0


def test_a_refused_request_leads_to_the_filled_in_form(client, session, scene, person):
    scene.ask()
    session.commit()
    sign_in(client, person)
    slug = scene.instrument.slug
    form = {
        "day": "2026-03-03", "start": "12:00", "end": "16:00", "access_mode": "on_site",
        "purpose": "Kept for the list", "do": "send",
    }  # fmt: skip
    refused = client.post(f"/instruments/{slug}/book", data=form)
    assert f'formaction="/instruments/{slug}/waiting-list"' in refused.text
    begun = client.post(f"/instruments/{slug}/waiting-list", data=form | {"do": "wait"}).text
    for name, value in {
        "first_day": "2026-03-03", "last_day": "2026-03-03", "minutes": "240",
        "not_before": "12:00", "not_after": "16:00",
    }.items():  # fmt: skip
        assert re.search(rf'name="{name}"[^>]* value="{value}"', begun), name
    assert "Kept for the list" in begun


def test_the_form_keeps_what_was_typed_and_links_to_the_field(client, session, scene, person):
    session.commit()
    sign_in(client, person)
    form = {
        "first_day": "2026-03-05", "last_day": "2026-03-03", "minutes": "120",
        "access_mode": "on_site", "purpose": "Typed", "weekdays": ["wed", "thu"], "do": "join",
    }  # fmt: skip
    path = f"/instruments/{scene.instrument.slug}/waiting-list"
    answer = client.post(path, data=form)
    assert answer.status_code == 422
    assert 'href="#field-last_day"' in answer.text
    assert "Typed" in answer.text
    assert re.search(r'value="thu" checked', answer.text)
    answer = client.post(path, data=form | {"last_day": "2026-03-06", "zone": "reader"})
    assert (answer.status_code, answer.location) == (302, "/waiting-list")
    page = client.get("/waiting-list").text
    assert "Place 1 in line" in page
    assert "Wednesday" in page


def test_an_offer_is_answered_on_the_page(client, session, scene, person):
    booking = scene.ask()
    entry = stands_in_line(scene, person)
    cancel(session, booking)
    sign_in(client, person)
    page = client.get("/waiting-list").text
    assert "This time is held for you:" in page
    assert "your time" in page
    offered = session.query(Booking).filter_by(state="offered").one()
    shown = client.get(f"/bookings/{offered.reference}").text
    for words in ("Accept the offer", "Decline the offer", "Answer before:"):
        assert words in shown
    asked = client.get(f"/bookings/{offered.reference}/cancel").text
    assert "goes to the next in line" in asked
    answer = client.post(f"/waiting-list/{entry.reference}/accept")
    assert answer.location == f"/bookings/{offered.reference}"
    again = client.post(f"/waiting-list/{entry.reference}/accept", follow_redirects=True)
    assert "Nothing is offered to you here" in again.text


def test_an_offer_is_not_moved_by_its_form(client, session, scene, person):
    booking = scene.ask()
    stands_in_line(scene, person)
    cancel(session, booking)
    sign_in(client, person)
    offered = session.query(Booking).filter_by(state="offered").one()
    form = {
        "day": "2026-03-03", "start": "13:00", "end": "16:00", "access_mode": "on_site",
        "purpose": "More to say", "do": "send", "version": str(offered.version),
    }  # fmt: skip
    path = f"/bookings/{offered.reference}/edit"
    assert "The offer is for the time that it says" in client.post(path, data=form).text
    assert client.post(path, data=form | {"start": "12:00"}).status_code == 302
    session.refresh(offered)
    assert (offered.state, offered.purpose) == ("submitted", "More to say")


def test_the_instruments_page_shows_the_line_and_offers_to_watch(client, session, scene, person):
    scene.ask()
    stands_in_line(scene, person)
    session.commit()
    slug = scene.instrument.slug
    assert "1 person stands in line" in client.get(f"/instruments/{slug}").text
    sign_in(client, person)
    assert "See who stands in line" not in client.get(f"/instruments/{slug}").text
    assert client.get(f"/manage/instruments/{slug}/waiting-list").status_code == 403
    client.post(f"/instruments/{slug}/watch", data={"days": "10", "minutes": "60"})
    assert "within the next 10 days" in client.get("/waiting-list").text
    wrong = client.post(f"/instruments/{slug}/watch", data={"days": "x"}, follow_redirects=True)
    assert "Write a whole number." in wrong.text
    client.post(f"/instruments/{slug}/watch/stop")
    assert "within the next 10 days" not in client.get("/waiting-list").text
    sign_in(client, scene.manager)
    assert "See who stands in line" in client.get(f"/instruments/{slug}").text
    assert person.display_name in client.get(f"/manage/instruments/{slug}/waiting-list").text


@pytest.mark.parametrize("language", ["zh-Hans", "ar"])
def test_messages_of_the_list_are_read_in_the_inbox(client, session, scene, person, language):
    person.language = language
    booking = scene.ask()
    stands_in_line(scene, person)
    waiting.watch(WatchRequest(scene.instrument.slug), by=person, at=AT - timedelta(hours=1))
    cancel(session, booking)
    other = scene.ask(starts_at=TUESDAY + timedelta(hours=24))
    cancel(session, other)
    later = AT + timedelta(hours=1)
    assert [waiting.tell_watcher(key, later) for key in waiting.due_watches(later)] == [True]
    session.commit()
    sign_in(client, person)
    page = client.get("/inbox").text
    assert len(re.findall(r'action="/inbox/\d+"', page)) == 2
    for number in re.findall(r'action="/inbox/(\d+)"', page):
        target = client.post(f"/inbox/{number}").location
        assert client.get(target.split("#")[0]).status_code == 200
