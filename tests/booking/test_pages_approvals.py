"""The queue of requests that wait for a decision, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from instrument_share.booking import services
from instrument_share.booking.afterwards import credit
from instrument_share.booking.afterwards.models import CreditEntry, Feedback
from instrument_share.booking.afterwards.rules import Breach
from instrument_share.booking.models import Booking
from instrument_share.foundation.interval import Interval
from tests.support.builders import (
    AT,
    make_booking,
    make_closure,
    make_entry,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
)
from tests.support.scene import Scene
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

TOMORROW = AT + timedelta(days=1)


@pytest.fixture
def manager(scene, client):
    """The facility manager's browser."""
    sign_in(client, scene.manager)
    return client


def queue(scene: Scene, length: int) -> list[Booking]:
    """Requests of as many people of as many institutions, one after the other."""
    return [
        make_booking(
            scene.instrument,
            make_person(make_institution()),
            starts_at=TOMORROW + timedelta(minutes=30 * n),
            hours=0.5,
        )
        for n in range(length)
    ]


def test_empty_queue_is_pleasant(manager) -> None:
    page = manager.get("/approvals")
    assert page.status_code == 200
    assert "Nothing waits for your decision" in page.text


def test_a_request_shows_all_that_is_needed_to_decide(scene, manager) -> None:
    booking = scene.ask(purpose="Grain boundaries")
    page = manager.get("/approvals").text
    for said in (
        scene.applicant.display_name,
        scene.applicant.institution.names["en"],
        "Kazakhstan",
        scene.instrument.names["en"],
        "Shanghai",
        "Grain boundaries",
        "No agreement",
        booking.reference,
        "1 request waits",
    ):
        assert said in page, said


def test_notes_tell_of_another_booking_at_that_time_and_of_a_closure(scene, manager) -> None:
    booking = scene.ask()
    other = make_instrument(make_facility())
    make_booking(other, scene.applicant, starts_at=booking.starts_at)
    make_closure(scene.instrument, Interval(booking.starts_at, booking.ends_at))
    page = manager.get("/approvals").text
    assert "The applicant has another booking at this time" in page
    assert "A closure was entered over this time" in page


def test_single_letters_are_switched_off_in_the_account(scene, manager) -> None:
    scene.ask()
    assert "data-desk-keys" in manager.get("/approvals").text
    person = scene.manager
    profile = {
        "display_name": person.display_name, "language": "en", "time_zone": person.time_zone,
    }  # fmt: skip
    for keys, shown in (({"desk_keys": "off"}, False), ({}, False), ({"desk_keys": "on"}, True)):
        assert manager.post("/account", data=profile | keys).status_code == 302
        assert ("data-desk-keys" in manager.get("/approvals").text) is shown
    assert manager.post("/account", data=profile | {"desk_keys": "maybe"}).status_code == 422


def test_only_what_waits_for_this_person_is_shown(scene, manager, client) -> None:
    booking = scene.ask()
    elsewhere = make_booking(
        make_instrument(make_facility()), scene.applicant, starts_at=TOMORROW.replace(hour=20)
    )
    page = manager.get("/approvals").text
    assert booking.reference in page
    assert elsewhere.reference not in page
    sign_in(client, scene.office)
    assert booking.reference not in client.get("/approvals").text
    services.approve(booking.reference, by=scene.manager, at=AT, version=None)
    assert booking.reference in client.get("/approvals").text


def test_researcher_has_no_queue(scene, client) -> None:
    sign_in(client, scene.applicant)
    assert client.get("/approvals").status_code == 403
    assert client.post("/approvals").status_code == 403


def test_approving_from_the_list_leads_back_to_it(scene, manager, session) -> None:
    booking = scene.ask()
    answer = manager.post(
        f"/bookings/{booking.reference}/approve",
        data={"version": booking.version, "back": "approvals", "next": "B-NEXT0000"},
    )
    assert answer.location.endswith("/approvals#B-NEXT0000")
    session.refresh(booking)
    assert [step.status for step in booking.steps] == ["approved", "pending"]


def test_sending_back_from_the_list_without_a_reason_asks_for_it(scene, manager, session) -> None:
    booking = scene.ask()
    typed = {"version": booking.version, "back": "approvals", "comment": ""}
    address = f"/bookings/{booking.reference}/request-changes"
    asked = manager.post(address, data=typed)
    assert asked.status_code == 422
    assert 'name="back" value="approvals"' in asked.text
    manager.post(address, data=typed | {"comment": "Which alloy?"})
    session.refresh(booking)
    assert booking.state == "changes_requested"


def test_marked_requests_are_approved_together(scene, manager, session) -> None:
    first, second, third = queue(scene, 3)
    marked = {"reference": [first.reference, second.reference]}
    versions = {f"version-{each.reference}": each.version for each in (first, second, third)}
    answer = manager.post("/approvals", data=marked | versions, follow_redirects=True)
    assert "2 requests approved" in answer.text
    for booking in (first, second, third):
        session.refresh(booking)
    assert [each.steps[0].status for each in (first, second, third)] == [
        "approved",
        "approved",
        "pending",
    ]


def test_one_that_cannot_be_approved_does_not_hold_up_the_others(scene, manager, session) -> None:
    stale, fine = queue(scene, 2)
    marked = {
        "reference": [stale.reference, fine.reference, "B-NOTHING0"],
        f"version-{stale.reference}": stale.version + 1,
        f"version-{fine.reference}": fine.version,
    }
    answer = manager.post("/approvals", data=marked, follow_redirects=True)
    assert "1 request approved" in answer.text
    rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", answer.text, re.DOTALL)
    told = {row: next(r for r in rows if row in r) for row in (stale.reference, fine.reference)}
    assert "Somebody changed this in the meantime" in told[stale.reference]
    assert "Approved" in told[fine.reference]
    assert "B-NOTHING0" in answer.text
    session.refresh(fine)
    assert fine.steps[0].status == "approved"


def test_nothing_marked_is_said(manager) -> None:
    assert "Mark at least one" in manager.post("/approvals", data={}, follow_redirects=True).text


def test_mark_all_needs_no_script(scene, manager) -> None:
    queue(scene, 3)
    assert len(re.findall(r'name="reference"[^>]* checked', manager.get("/approvals").text)) == 0
    page = manager.get("/approvals?mark=all").text
    assert len(re.findall(r'name="reference"[^>]* checked', page)) == 3


def test_what_nothing_warns_against_is_marked_at_once(scene, manager) -> None:
    warned, *clear = queue(scene, 3)
    other = make_instrument(make_facility())
    make_booking(other, warned.applicant, starts_at=warned.starts_at)
    assert "Mark the 2 without a warning" in manager.get("/approvals").text
    page = manager.get("/approvals?mark=clear").text
    marked = set(re.findall(r'name="reference" value="([^"]+)" checked', page))
    assert marked == {each.reference for each in clear}


def test_queue_narrows_to_one_instrument(scene, manager) -> None:
    booking = scene.ask()
    sibling = make_instrument(scene.instrument.facility)
    other = make_booking(sibling, scene.applicant, starts_at=TOMORROW.replace(hour=20))
    page = manager.get(f"/approvals?instrument={sibling.slug}").text
    assert other.reference in page
    assert booking.reference not in page
    assert "All instruments" in page


def test_sixty_requests_stand_on_one_page_in_a_bounded_number_of_queries(
    scene, manager, count_queries
) -> None:
    queue(scene, 60)
    manager.get("/approvals")
    with count_queries() as queries:
        page = manager.get("/approvals").text
    assert page.count('name="reference"') == 60
    assert "60 requests wait" in page
    assert queries.count <= 12, queries


def test_many_are_sent_back_or_rejected_at_once_with_a_reason(scene, manager, session) -> None:
    first, second, third = queue(scene, 3)
    versions = {f"version-{each.reference}": each.version for each in (first, second, third)}
    asked = {"reference": [first.reference, second.reference], "decision": "request-changes"}
    silent = manager.post("/approvals", data=asked | versions)
    assert silent.status_code == 422
    assert 'href="#field-comment"' in silent.text
    assert len(re.findall(r'name="reference"[^>]* checked', silent.text)) == 2, "marks are kept"
    manager.post("/approvals", data=asked | versions | {"comment": "Which alloy?"})
    manager.post(
        "/approvals",
        data=versions | {"reference": third.reference, "decision": "reject", "comment": "No."},
    )
    for booking in (first, second, third):
        session.refresh(booking)
    assert [each.state for each in (first, second, third)] == [
        "changes_requested", "changes_requested", "rejected",
    ]  # fmt: skip


def test_the_record_of_applicant_and_institution_stands_beside_the_request(
    scene, manager, session
) -> None:
    colleague = make_person(scene.applicant.institution)
    for number, (person, state, days) in enumerate((
        (scene.applicant, "settled", 30), (scene.applicant, "no_show", 60),
        (colleague, "completed", 90), (colleague, "no_show", 400),
    )):  # fmt: skip
        start = TOMORROW + timedelta(days=1, hours=2 * number)
        past = make_booking(scene.instrument, person, starts_at=start, hours=1)
        past.starts_at, past.ends_at = (
            AT - timedelta(days=days),
            AT - timedelta(days=days, hours=-1),
        )
        past.held_from, past.held_until = past.starts_at, past.ends_at
        past.state = state
        if state == "settled":
            marks = {"instrument": 5, "support": 5, "booking_itself": 5}
            session.add(Feedback(booking_id=past.id, given_at=AT, **marks))
            credit.note(past, Breach.UNREPORTED, AT)
        if state == "no_show":
            credit.note(past, Breach.NO_SHOW, AT)
    scene.ask()
    page = manager.get("/approvals").text
    told = "1 no-show, results of 1 use missing, and feedback on 1 use"
    assert f"Applicant: 1 booking used, {told}" in page
    assert f"Institution: 2 bookings used, {told}" in page, "what is older than a year is over"
    for entry in session.scalars(select(CreditEntry)):
        entry.verdict, entry.decided_at = "lifted", AT
    session.commit()
    page = manager.get("/approvals").text
    assert "Applicant: 1 booking used and feedback on 1 use" in page, "what was lifted is no more"


def test_the_day_of_the_instrument_and_who_waits_stand_beside_it(scene, manager) -> None:
    booking = scene.ask()
    make_booking(
        scene.instrument, make_person(make_institution()),
        starts_at=booking.ends_at + timedelta(hours=1), hours=1,
    )  # fmt: skip
    waiting = make_person(make_institution())
    make_entry(
        scene.instrument, waiting,
        since=booking.starts_at - timedelta(hours=1), until=booking.ends_at,
    )  # fmt: skip
    page = manager.get(f"/approvals#{booking.reference}").text
    assert 'class="day-strip__own"' in page
    assert 'class="day-strip__held"' in page
    assert "Taken:" in page
    assert "1 person waits for this time" in page
    assert waiting.display_name in page
