"""Moving a booking and choosing positions over the API and on pages, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from instrument_share.booking import services
from tests.support.builders import AT, make_booking, make_institution, make_person
from tests.support.marks import one_engine
from tests.support.scene import make_scene
from tests.support.signing import sign_in

from .test_api import Caller

pytestmark = [one_engine, pytest.mark.usefixtures("present")]

TOMORROW, HOUR = AT + timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def scene(session):
    return make_scene(positions=2, position_names=[{"en": "Hutch A"}, {"en": "Hutch B"}])


@pytest.fixture
def caller(client, session, scene):
    return Caller(client, session, scene.applicant)


def times(start=TOMORROW, hours=4):
    return {"starts_at": start.isoformat(), "ends_at": (start + hours * HOUR).isoformat()}


def wanted(scene, **more):
    about = {"instrument": scene.instrument.slug, "access_mode": "on_site", "purpose": "Films"}
    return about | times() | more


def test_a_position_is_asked_for_and_told(scene, caller):
    booking = caller.post("/bookings", wanted(scene, position=2)).json
    assert (booking["position"], booking["position_name"], booking["whole"]) == (
        2,
        "Hutch B",
        False,
    )
    refused = caller.post("/bookings", wanted(scene, position=2))
    assert (refused.status_code, refused.json["code"]) == (409, "slot_taken")
    first = refused.json["alternatives"][0]
    assert (first["kind"], first["position"]) == ("position", 1)
    assert first["starts_at"] == booking["starts_at"]


def test_the_whole_instrument_is_asked_for(scene, caller):
    booking = caller.post("/bookings", wanted(scene, whole=True)).json
    assert (booking["whole"], booking["position_name"]) == (True, "the whole instrument")
    query = {"from": TOMORROW.isoformat(), "until": (TOMORROW + 4 * HOUR).isoformat()}
    path = f"/instruments/{scene.instrument.slug}/availability"
    assert caller.get(path, **query).json["free"] == []
    assert caller.get(path, **query, moving=booking["reference"]).json["free"] != []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"position": 3}, "position"),
        ({"position": 0}, "position"),
        ({"position": "first"}, "position"),
        ({"position": 1, "whole": True}, "position"),
        ({"whole": "yes"}, "whole"),
    ],
)
def test_senseless_positions_are_refused_by_name(scene, caller, asked, field):
    answer = caller.post("/bookings", wanted(scene, **asked))
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_availability_of_a_position_and_of_the_whole(scene, caller):
    caller.post("/bookings", wanted(scene, position=1))
    path = f"/instruments/{scene.instrument.slug}/availability"
    query = {"from": TOMORROW.isoformat(), "until": (TOMORROW + 4 * HOUR).isoformat()}
    free = {
        str(more): bool(caller.get(path, **query, **more).json["free"])
        for more in ({}, {"position": 1}, {"position": 2}, {"whole": "true"})
    }
    assert list(free.values()) == [True, False, True, False]
    assert caller.get(path, **query, position=7).status_code == 422


def test_nobody_learns_of_a_booking_by_pretending_to_move_it(scene, caller, client):
    other = make_booking(scene.instrument, make_person(make_institution()))
    query = {"from": TOMORROW.isoformat(), "until": (TOMORROW + HOUR).isoformat()}
    path = f"/instruments/{scene.instrument.slug}/availability"
    assert caller.get(path, **query, moving=other.reference).status_code == 404
    anonymous = client.get(f"/api/v1{path}", query_string=query | {"moving": other.reference})
    assert anonymous.status_code == 401


def test_a_confirmed_booking_is_made_shorter_and_moved_to_another_position(scene, caller, session):
    booking = scene.confirm(scene.ask())
    session.commit()
    seen = caller.get(f"/bookings/{booking.reference}").json
    shorter = caller.act(seen, "reschedule", **times(hours=2))
    assert (shorter.status_code, shorter.json["state"]) == (200, "confirmed")
    assert shorter.json["version"] > seen["version"]
    moved = caller.act(shorter.json, "reschedule", **times(hours=2), position=2)
    assert (moved.json["state"], moved.json["position"]) == ("confirmed", 2)
    assert caller.act(seen, "reschedule", **times()).json["code"] == "stale_version"


def test_a_move_to_taken_time_keeps_everything(scene, caller, session):
    booking = scene.confirm(scene.ask(position=1))
    make_booking(
        scene.instrument, make_person(make_institution()), starts_at=TOMORROW + 6 * HOUR, position=1
    )
    session.commit()
    seen = caller.get(f"/bookings/{booking.reference}").json
    refused = caller.act(seen, "reschedule", **times(TOMORROW + 3 * HOUR))
    assert (refused.status_code, refused.json["code"]) == (409, "slot_taken")
    assert refused.json["alternatives"][0]["position"] == 2
    assert caller.get(f"/bookings/{booking.reference}").json == seen


def test_the_page_begins_with_the_present_time_and_shows_its_week(scene, client, session):
    booking = scene.ask(starts_at=TOMORROW + timedelta(days=9), position=2)
    session.commit()
    sign_in(client, scene.applicant)
    page = client.get(f"/bookings/{booking.reference}/reschedule").text
    assert 'name="day" type="date" value="2026-03-12"' in page.replace("\n    ", " ")
    assert re.search(r'<option value="2" selected>Hutch B', page)
    assert "Thursday, March 12, 2026" in page
    links = re.findall(r'class="slot__ask" href="([^"]+)"', page)
    moved = client.get(links[-1].replace("&amp;", "&")).text
    assert 'name="day" type="date" value="2026-03-18"' in moved.replace("\n    ", " ")


def test_another_position_is_chosen_from_the_alternatives(scene, client, session):
    booking = scene.ask(position=1)
    other = scene.ask(starts_at=TOMORROW + 6 * HOUR, position=1)
    session.commit()
    sign_in(client, scene.applicant)
    address = f"/bookings/{booking.reference}/reschedule"
    typed = {
        "version": booking.version, "zone": "instrument", "position": "1",
        "day": "2026-03-03", "start": "18:00", "end": "22:00",
    }  # fmt: skip
    refused = client.post(address, data=typed)
    assert refused.status_code == 409
    chosen = re.findall(r'name="choose" value="([^"]+)"', refused.text)[0]
    assert chosen.endswith("/2")
    refilled = client.post(address, data=typed | {"choose": chosen}).text
    assert re.search(r'<option value="2" selected>', refilled)
    moved = client.post(address, data=typed | {"position": "2"})
    assert moved.status_code == 302
    session.refresh(booking)
    assert (booking.position, booking.starts_at) == (2, other.starts_at)


def test_positions_are_shown_wherever_the_booking_is(scene, client, session):
    booking = scene.ask(position=2)
    session.commit()
    sign_in(client, scene.applicant)
    for path in ("/bookings", f"/bookings/{booking.reference}"):
        assert "Hutch B" in client.get(path).text
    sign_in(client, scene.manager)
    assert "Hutch B" in client.get("/approvals").text


def test_the_request_form_offers_positions_and_keeps_the_choice(scene, client, session):
    session.commit()
    sign_in(client, scene.applicant)
    address = f"/instruments/{scene.instrument.slug}/book"
    page = client.get(address).text
    labels = re.findall(r"<option value=\"(\w+)\"[^>]*>([^<]+)</option>", page)
    assert ("2", "Hutch B") in labels
    assert {"any", "whole"} <= {value for value, _ in labels}
    answer = client.post(address, data={"do": "send", "position": "whole"})
    assert re.search(r'<option value="whole" selected>', answer.text)


def test_the_page_asks_a_fixed_number_of_queries(scene, client, session, count_queries):
    booking = scene.ask()
    session.commit()
    sign_in(client, scene.applicant)
    address = f"/bookings/{booking.reference}/reschedule"
    client.get(address)
    with count_queries() as few:
        client.get(address)
    for day in range(2, 8):
        scene.ask(starts_at=TOMORROW + timedelta(days=day))
    session.commit()
    with count_queries() as many:
        client.get(address)
    assert many.count == few.count <= 18, few


def test_a_manager_names_the_positions(scene, client, session):
    session.commit()
    sign_in(client, scene.manager)
    address = f"/manage/instruments/{scene.instrument.slug}"
    assert "Hutch A\nHutch B" in client.get(address).text
    data = {"version": scene.instrument.version, "positions-en": "-\nNorth", "positions-ar": "أ"}
    assert client.post(f"{address}/positions", data=data).status_code == 302
    session.refresh(scene.instrument)
    assert scene.instrument.position_names == [{"ar": "أ"}, {"en": "North"}]
    data = {"version": scene.instrument.version, "positions-en": "1\n2\n3"}
    refused = client.post(f"{address}/positions", data=data)
    assert refused.status_code == 422
    assert "more names than" in refused.text
    sign_in(client, scene.applicant)
    assert client.post(f"{address}/positions", data=data).status_code == 403


def test_a_stale_page_moves_nothing(scene, client, session):
    booking = scene.ask()
    seen = booking.version
    services.approve(booking.reference, by=scene.manager, at=AT, version=None)
    session.commit()
    sign_in(client, scene.applicant)
    typed = {"version": seen, "day": "2026-03-03", "start": "18:00", "end": "22:00"}
    answer = client.post(f"/bookings/{booking.reference}/reschedule", data=typed)
    assert answer.status_code == 409
    session.refresh(booking)
    assert booking.starts_at == TOMORROW
