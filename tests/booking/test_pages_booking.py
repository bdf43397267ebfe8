"""The list of bookings, a booking's page and what is done there, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from instrument_share.booking import services
from instrument_share.booking.models import Booking
from tests.support.builders import AT, make_booking, make_institution, make_person, request_for
from tests.support.marks import one_engine
from tests.support.scene import Scene, make_scene
from tests.support.signing import sign_in

pytestmark = [one_engine, pytest.mark.usefixtures("present")]

TOMORROW = AT + timedelta(days=1)


@pytest.fixture
def scene(session) -> Scene:
    return make_scene(modes=["mail_in"])


@pytest.fixture
def asking(scene, client):
    """Speaks HTTP as one of the scene's people."""

    def as_person(person):
        sign_in(client, person)
        return client

    return as_person


def address(booking: Booking, action: str = "") -> str:
    return f"/bookings/{booking.reference}" + (f"/{action}" if action else "")


def test_booking_page_tells_everything(scene, asking) -> None:
    booking = scene.ask(purpose="الغرض <script>")
    page = asking(scene.applicant).get(address(booking)).text
    for said in (
        "submitted",
        "What happens next",
        "The time is held for you while your request is decided",
        "Almaty",
        "Shanghai",
        "Facility manager",
        "International office",
        "Request sent",
        "Mail-in",
    ):
        assert said in page
    assert "الغرض &lt;script&gt;" in page


def test_samples_are_listed(scene, asking, session) -> None:
    from instrument_share.booking.values import SampleEntry

    booking = scene.ask(samples=(SampleEntry("Foil", 3, "brittle", "destroy"),))
    page = asking(scene.applicant).get(address(booking)).text
    assert re.search(r"Foil.*3.*brittle.*Destroy", page, re.DOTALL)


def test_buttons_are_what_the_reader_may_do(scene, asking) -> None:
    booking = scene.ask()
    mine = asking(scene.applicant).get(address(booking)).text
    assert "/withdraw" in mine
    assert "/cancel" in mine
    assert "/approve" not in mine
    managers = asking(scene.manager).get(address(booking)).text
    assert "/approve" in managers
    assert "/reject" in managers
    assert "/withdraw" not in managers


def test_booking_of_somebody_else_is_not_found(scene, asking) -> None:
    booking = scene.ask()
    stranger = make_person(make_institution())
    assert asking(stranger).get(address(booking)).status_code == 404
    assert asking(stranger).post(address(booking, "cancel")).status_code == 404


def test_applicant_cannot_approve(scene, asking, session) -> None:
    booking = scene.ask()
    answer = asking(scene.applicant).post(
        address(booking, "approve"), data={"version": booking.version}
    )
    assert answer.status_code == 403
    session.refresh(booking)
    assert booking.state == "submitted"


@pytest.mark.parametrize("word", ["create", "expire", "settle", "explode"])
def test_what_nobody_can_ask_for_is_not_found(scene, asking, word) -> None:
    booking = scene.ask()
    assert asking(scene.manager).post(address(booking, word)).status_code == 404


def test_booking_goes_from_request_to_end_by_its_pages(scene, asking, session, present) -> None:
    booking = scene.ask(starts_at=TOMORROW, hours=4)

    def press(person, action, **typed):
        session.refresh(booking)
        data = {"version": booking.version} | typed
        answer = asking(person).post(address(booking, action), data=data)
        assert answer.status_code == 302, answer.text
        session.refresh(booking)
        return booking.state

    assert press(scene.manager, "approve") == "submitted"
    assert press(scene.office, "approve") == "confirmed"
    present.move_to(TOMORROW)
    assert press(scene.manager, "start") == "in_use"
    present.move_to(TOMORROW + timedelta(hours=5))
    page = asking(scene.manager).get(address(booking, "finish")).text
    assert 'value="12:00"' in page  # as started, on the instrument's clock
    used = {"day": "2026-03-03", "start": "12:00", "end": "15:30", "operator_minutes": "20"}
    assert press(scene.manager, "finish", zone="instrument", **used) == "completed"
    assert booking.ended_at == TOMORROW + timedelta(hours=3, minutes=30)
    shown = asking(scene.applicant).get(address(booking)).text
    assert "Use finished" in shown
    assert "next monthly statement" in shown


def test_rejecting_needs_a_reason_and_keeps_the_form(scene, asking, session) -> None:
    booking = scene.ask()
    manager = asking(scene.manager)
    assert 'id="field-comment"' in manager.get(address(booking, "reject")).text
    refused = manager.post(address(booking, "reject"), data={"version": booking.version})
    assert refused.status_code == 422
    assert 'href="#field-comment"' in refused.text
    manager.post(
        address(booking, "reject"), data={"version": booking.version, "comment": "No helium"}
    )
    session.refresh(booking)
    assert booking.state == "rejected"
    page = asking(scene.applicant).get(address(booking)).text
    assert "No helium" in page
    assert "Ask for another time" in page


def test_request_that_was_sent_back_is_changed_and_sent_again(scene, asking, session) -> None:
    booking = scene.ask()
    services.request_changes(
        booking.reference, by=scene.manager, at=AT, version=None, comment="Say which alloy"
    )
    applicant = asking(scene.applicant)
    page = applicant.get(address(booking)).text
    assert "Say which alloy" in page
    form = applicant.get(address(booking, "edit")).text
    start = re.search(r'name="start" type="time" value="([^"]+)"', form)[1]
    end = re.search(r'name="end" type="time" value="([^"]+)"', form)[1]
    day = re.search(r'name="day" type="date" value="([^"]+)"', form)[1]
    version = re.search(r'name="version" value="(\d+)"', form)[1]
    typed = {"day": day, "start": start, "end": end, "zone": "instrument", "version": version}
    typed |= {"access_mode": "mail_in", "purpose": "Ti-6Al-4V", "do": "send"}
    assert applicant.post(address(booking, "edit"), data=typed).status_code == 302
    session.refresh(booking)
    assert (booking.state, booking.purpose) == ("submitted", "Ti-6Al-4V")
    assert [step.status for step in booking.steps].count("pending") == 1


def test_stale_page_says_what_changed(scene, asking, session) -> None:
    booking = scene.ask()
    seen = booking.version
    services.withdraw(booking.reference, by=scene.applicant, at=AT, version=None)
    answer = asking(scene.manager).post(address(booking, "approve"), data={"version": seen})
    assert answer.status_code == 409
    assert "Somebody changed this in the meantime" in answer.text
    assert "Last change: Request withdrawn" in answer.text
    assert scene.applicant.display_name in answer.text


def test_action_without_version_is_refused(scene, asking, session) -> None:
    booking = scene.ask()
    seen = booking.version
    assert asking(scene.manager).post(address(booking, "approve"), data={}).status_code == 422
    session.refresh(booking)
    assert booking.version == seen


def test_rescheduling_to_a_taken_time_offers_others(scene, asking, session) -> None:
    booking = scene.ask(starts_at=TOMORROW, hours=2)
    make_booking(
        scene.instrument, make_person(make_institution()), starts_at=TOMORROW.replace(hour=8)
    )
    applicant = asking(scene.applicant)
    typed = {"version": booking.version, "zone": "instrument"}
    taken = {"day": "2026-03-03", "start": "16:00", "end": "18:00"}
    answer = applicant.post(address(booking, "reschedule"), data=typed | taken)
    assert answer.status_code == 409
    chosen = re.findall(r'name="choose" value="([^"]+)"', answer.text)[0]
    refilled = applicant.post(
        address(booking, "reschedule"), data=typed | taken | {"choose": chosen}
    )
    assert refilled.status_code == 200
    start = re.search(r'name="start" type="time" value="([^"]+)"', refilled.text)[1]
    end = re.search(r'name="end" type="time" value="([^"]+)"', refilled.text)[1]
    day = re.search(r'name="day" type="date" value="([^"]+)"', refilled.text)[1]
    moved = applicant.post(
        address(booking, "reschedule"), data=typed | {"day": day, "start": start, "end": end}
    )
    assert moved.status_code == 302
    session.refresh(booking)
    assert booking.starts_at != TOMORROW


def test_draft_whose_time_was_taken_meanwhile_offers_others(scene, asking, session) -> None:
    wanted = request_for(scene.instrument, TOMORROW)
    draft = services.create_draft(wanted, by=scene.applicant, at=AT)
    make_booking(scene.instrument, make_person(make_institution()), starts_at=TOMORROW)
    applicant = asking(scene.applicant)
    answer = applicant.post(address(draft, "submit"), data={"version": draft.version})
    assert answer.status_code == 409
    assert "What you can have instead" in answer.text
    link = re.search(r'href="(/bookings/[^"]+/reschedule\?[^"]+)"', answer.text)[1]
    page = applicant.get(link.replace("&amp;", "&"))
    assert page.status_code == 200
    assert 'id="field-day"' in page.text


def test_an_action_that_is_not_open_leads_back(scene, asking) -> None:
    booking = scene.ask()
    answer = asking(scene.manager).get(address(booking, "finish"))
    assert answer.location.endswith(address(booking))
    assert asking(scene.manager).get(address(booking, "edit")).status_code == 302


def test_wrong_state_is_told_on_the_booking(scene, asking, session) -> None:
    booking = scene.ask()
    answer = asking(scene.manager).post(
        address(booking, "start"), data={"version": booking.version}
    )
    assert answer.status_code == 409
    assert "cannot be done with a booking in its present state" in answer.text


def test_list_shows_ones_own_bookings_and_narrows_by_state(scene, asking, session) -> None:
    kept, gone = scene.ask(starts_at=TOMORROW), scene.ask(starts_at=TOMORROW.replace(hour=10))
    services.cancel(gone.reference, by=scene.applicant, at=AT, version=None)
    other = make_booking(
        scene.instrument, make_person(make_institution()), starts_at=TOMORROW.replace(hour=15)
    )
    applicant = asking(scene.applicant)
    page = applicant.get("/bookings").text
    assert kept.reference in page
    assert gone.reference in page
    assert other.reference not in page
    assert "2 bookings" in page
    narrowed = applicant.get("/bookings?state=cancelled").text
    assert gone.reference in narrowed
    assert kept.reference not in narrowed


def test_manager_also_sees_those_of_the_facility(scene, asking) -> None:
    booking = scene.ask()
    manager = asking(scene.manager)
    assert booking.reference not in manager.get("/bookings").text
    everything = manager.get("/bookings?whose=all").text
    for words, found in ((booking.reference.lower(), True), ("nobody of this name", False)):
        page = manager.get("/bookings", query_string={"whose": "all", "q": words}).text
        assert (f"/bookings/{booking.reference}" in page) is found
    assert booking.reference in everything
    assert scene.applicant.display_name in everything


def test_applicant_gains_nothing_by_asking_for_all(scene, asking) -> None:
    booking = scene.ask()
    stranger = make_person(make_institution())
    assert booking.reference not in asking(stranger).get("/bookings?whose=all").text


def test_empty_list_says_what_to_do(scene, asking) -> None:
    page = asking(scene.applicant).get("/bookings").text
    assert "You have not asked for any time yet" in page
    assert "Find an instrument" in page


def test_list_has_pages(scene, asking) -> None:
    for hour in range(3):
        scene.ask(starts_at=TOMORROW + timedelta(hours=hour), hours=1)
    page = asking(scene.applicant).get("/bookings?page_size=2").text
    assert "Page 1 of 2" in page
    assert "page=2" in page


def test_query_counts_do_not_grow_with_the_list(scene, asking, session, count_queries) -> None:
    applicant = asking(scene.applicant)
    scene.ask(starts_at=TOMORROW, hours=0.5)
    applicant.get("/bookings")
    with count_queries() as few:
        applicant.get("/bookings")
    for n in range(1, 20):
        scene.ask(starts_at=TOMORROW + timedelta(minutes=30 * n), hours=0.5)
    session.commit()
    with count_queries() as many:
        applicant.get("/bookings")
    assert many.count == few.count <= 8, many


def test_booking_page_takes_a_bounded_number_of_queries(scene, asking, count_queries) -> None:
    page = address(scene.confirm(scene.ask()))
    applicant = asking(scene.applicant)
    applicant.get(page)
    with count_queries() as queries:
        applicant.get(page)
    assert queries.count <= 10, queries  # one of them for the visit


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_pages_speak_the_readers_language(scene, asking, language) -> None:
    booking = scene.ask()
    for path in ("/bookings", address(booking), address(booking, "reschedule")):
        answer = asking(scene.applicant).get(f"{path}?lang={language}")
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text
