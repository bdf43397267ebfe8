"""At the instrument: what its label opens for whom, self-service, faults, and the gate."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest
import time_machine
from sqlalchemy import select

from instrument_share.booking.at_instrument import services
from instrument_share.booking.at_instrument.models import Fault
from instrument_share.booking.at_instrument.queries import spot_of
from instrument_share.booking.at_instrument.rules import Gate, gate_of, opens
from instrument_share.booking.errors import TooEarlyToStart, UsageImplausible, WrongState
from instrument_share.foundation.errors import NotFound, StaleVersion
from instrument_share.identity.services import issue_token
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.builders import AT, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in

START = AT + timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def present():
    with time_machine.travel(START, tick=False):
        yield


@pytest.fixture
def scene(session):
    return make_scene()


@pytest.fixture
def booking(session, scene):
    booking = scene.confirm(scene.ask(starts_at=START))
    session.commit()
    return booking


def test_when_a_gate_opens():
    end = START + HOUR
    cases = {
        ("in_use", end + HOUR): Gate.IN_USE,
        ("confirmed", START - HOUR / 2): Gate.BOOKED,
        ("confirmed", START - HOUR): Gate.FAR,
        ("confirmed", end): Gate.NONE,
        ("submitted", START): Gate.NONE,
        ("completed", START): Gate.NONE,
    }
    for (state, at), gate in cases.items():
        assert gate_of(state, START, end, at) == gate, (state, at)
    assert [gate for gate in Gate if opens(gate)] == [Gate.IN_USE, Gate.BOOKED]


def test_who_starts_and_finishes_here(session, scene, booking):
    slug, reference = booking.instrument.slug, booking.reference
    how = {"at": START, "version": booking.version}
    for person in (scene.applicant, scene.office, make_person()):  # nobody lets applicants yet
        with pytest.raises(NotFound):
            services.start_here(slug, reference, by=person, **how)
    with pytest.raises(NotFound):
        services.let_applicants_start(slug, True, by=scene.applicant, at=START)
    services.let_applicants_start(slug, True, by=scene.operator, at=START)
    with pytest.raises(StaleVersion):
        services.start_here(slug, reference, by=scene.applicant, at=START, version=99)
    with pytest.raises(TooEarlyToStart):
        services.start_here(
            slug, reference, by=scene.applicant, at=START - HOUR, version=booking.version
        )
    with pytest.raises(NotFound):
        services.start_here("elsewhere", reference, by=scene.applicant, **how)
    services.start_here(slug, reference, by=scene.applicant, **how)
    assert booking.state == "in_use"
    with pytest.raises(WrongState):
        services.start_here(slug, reference, by=scene.operator, at=START, version=booking.version)
    later = START + HOUR
    services.finish_here(slug, reference, by=scene.applicant, at=later, version=booking.version)
    assert (booking.state, booking.ended_at) == ("completed", later)


def test_a_label_opens_what_is_ones_own(session, scene, booking):
    scene.confirm(scene.ask(starts_at=START + 8 * HOUR))
    slug = booking.instrument.slug
    found = {
        who: len(spot_of(person, slug, START).bookings)
        for who, person in {
            "applicant": scene.applicant, "operator": scene.operator, "stranger": make_person(),
        }.items()
    }  # fmt: skip
    assert found == {"applicant": 1, "operator": 2, "stranger": 0}


def test_a_use_that_began_only_now_is_not_finished_yet(session, scene, booking):
    slug = booking.instrument.slug
    services.let_applicants_start(slug, True, by=scene.manager, at=AT)
    how = {"by": scene.applicant}
    services.start_here(slug, booking.reference, at=START, version=booking.version, **how)
    at = START + timedelta(seconds=20)
    with pytest.raises(UsageImplausible) as refused:
        services.finish_here(slug, booking.reference, at=at, version=booking.version, **how)
    assert "began only now" in str(refused.value.fields["ended_at"])
    at = START + timedelta(seconds=60)
    services.finish_here(slug, booking.reference, at=at, version=booking.version, **how)
    assert booking.state == "completed"


def test_faults_go_to_whoever_is_in_charge_until_they_are_settled(session, scene, booking):
    slug = booking.instrument.slug
    with pytest.raises(NotFound):
        services.report_fault(slug, "x", by=make_person(), at=START)
    fault = services.report_fault(slug, "No vacuum", by=scene.applicant, at=START)
    assert fault.booking == booking
    messages = session.scalars(select(Message).where(Message.kind == Kind.FAULT_REPORTED)).all()
    assert {each.person_id for each in messages} == {scene.operator.id, scene.manager.id}
    text = compose(messages[0]).get_body(("plain",)).get_content()
    assert ("No vacuum" in text, f"/at/{slug}" in text) == (True, True)
    with pytest.raises(NotFound):
        services.settle_fault(slug, fault.id, by=scene.applicant, at=START)
    services.settle_fault(slug, fault.id, by=scene.operator, at=START)
    assert not spot_of(scene.manager, slug, START).faults


def test_from_a_phone_and_for_a_door(session, scene, booking, client):
    slug = booking.instrument.slug
    gate, page = f"/api/v1/instruments/{slug}/gate", f"/at/{slug}"
    tokens = {
        person.id: issue_token(person, "door", at=START)[0]
        for person in (scene.operator, scene.applicant)
    }
    session.commit()
    heads = {key: {"Authorization": f"Bearer {token}"} for key, token in tokens.items()}
    assert client.get(gate, headers=heads[scene.applicant.id]).status_code == 404
    answer = client.get(gate, headers=heads[scene.operator.id])
    assert (answer.json["open"], answer.json["reason"], answer.json["booking"]) == (
        True, "booked", booking.reference,
    )  # fmt: skip
    sign_in(client, scene.applicant)
    assert "The operator starts and finishes the use here." in client.get(page).text
    assert client.get(f"/manage/instruments/{slug}/label").status_code == 404
    assert client.post(f"{page}/faults", data={"text": " "}).status_code == 422
    assert client.post(f"{page}/faults", data={"text": "Broken"}).status_code == 302
    sign_in(client, scene.manager)
    label = f"/manage/instruments/{slug}/label"
    assert client.post(label, data={"self_service": "1"}).status_code == 302
    printed = pypdfium2.PdfDocument(client.get(f"{label}.pdf").data)[0].get_textpage()
    assert f"/at/{slug}" in printed.get_text_range()
    shown = client.get(page).text
    assert "Broken" in shown
    fault = session.scalars(select(Fault)).one()
    assert client.post(f"{page}/faults/{fault.id}/settle").status_code == 302
    sign_in(client, scene.applicant)
    assert "Start the use now" in client.get(page).text
    data = {"reference": booking.reference, "version": booking.version}
    assert client.post(f"{page}/start", data=data).status_code == 302
    assert client.post(f"{page}/start", data=data).status_code == 409
    assert "Finish the use now" in client.get(page).text
