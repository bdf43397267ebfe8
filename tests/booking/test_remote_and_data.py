"""Remote use and data: who sees how to connect and from when, the checks, and what data come under which licence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from instrument_share.booking.data_products.services import NotGiving, Product, describe_data
from instrument_share.booking.remote.models import CheckReminder
from instrument_share.booking.remote.reminding import OPEN_CHECKS
from instrument_share.booking.remote.rules import DOERS, Check, Doer, is_shown, open_for
from instrument_share.booking.remote.services import (
    ConnectionPlan,
    NotConnecting,
    set_connection,
    tick_check,
)
from instrument_share.booking.services.due import do_due, due_bookings
from instrument_share.foundation.errors import InvalidInput, NotFound
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.builders import AT, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

START = AT + timedelta(days=1)
ADDRESS = "https://meet.example/secret-room"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(session):
    return make_scene(modes=["remote", "data"])


def test_when_the_applicant_sees_how_to_connect():
    end = START + 60 * MINUTE
    cases = {
        ("confirmed", START - 16 * MINUTE): False,
        ("confirmed", START - 15 * MINUTE): True,
        ("confirmed", end): False,
        ("in_use", end): True,
        ("cancelled", START): False,
        ("completed", START): False,
    }
    for (state, at), shown in cases.items():
        assert is_shown(state, START, end, 15, at) is shown, (state, at)


def test_the_connection_is_for_applicant_and_operators_only(session, scene, client):
    booking = scene.ask(access_mode="remote", starts_at=START)
    reference = booking.reference
    plan = ConnectionPlan(scene.operator.id, 15, ADDRESS, "Ask for Li")
    with pytest.raises(NotConnecting):
        set_connection(reference, plan, by=scene.operator, at=AT)
    scene.confirm(booking)
    for person in (scene.applicant, scene.office, make_person()):
        with pytest.raises(NotFound):
            set_connection(reference, plan, by=person, at=AT)
    with pytest.raises(InvalidInput):
        set_connection(
            reference, ConnectionPlan(scene.applicant.id, 15, ADDRESS), by=scene.operator, at=AT
        )
    set_connection(reference, plan, by=scene.operator, at=AT)
    message = session.scalars(select(Message).where(Message.kind == Kind.CONNECTION_READY)).one()
    assert (message.person_id, ADDRESS in str(message.facts)) == (scene.applicant.id, False)
    for _ in range(
        2
    ):  # the operator named themself; who is on duty by another's word is told, once
        set_connection(
            reference, replace(plan, operator_id=scene.manager.id), by=scene.operator, at=AT
        )
    duty = session.scalars(select(Message).where(Message.kind == Kind.ON_DUTY)).one()
    assert duty.person_id == scene.manager.id
    assert reference in compose(duty).get_body(("plain",)).get_content()
    with pytest.raises(NotFound):
        tick_check(reference, Check.NETWORK, True, by=scene.office, at=AT)
    session.commit()
    page = f"/bookings/{reference}"
    seen = {}
    for who in ("applicant", "operator", "office"):
        for name, at in (("before", AT), ("in time", START - 15 * MINUTE)):
            with time_machine.travel(at, tick=False):
                sign_in(client, getattr(scene, who))
                seen[who, name] = ADDRESS in client.get(page).text
    assert [key for key, shown in seen.items() if shown] == [
        ("applicant", "in time"), ("operator", "before"), ("operator", "in time"),
    ]  # fmt: skip
    sign_in(client, scene.applicant)
    for done in ("1", ""):
        ticked = client.post(f"{page}/connection/checks/network", data={"done": done})
        assert ticked.status_code == 302
    assert client.post(f"{page}/connection/checks/none").status_code == 404
    sign_in(client, scene.operator)
    refused = client.post(f"{page}/connection", data={"operator_id": "x", "address": "kept"})
    assert (refused.status_code, "kept" in refused.text) == (422, True)


def test_each_side_is_reminded_once_of_the_checks_that_are_left(session, scene):
    booking = scene.confirm(scene.ask(access_mode="remote", starts_at=START))
    other = scene.confirm(scene.ask(access_mode="data", starts_at=START + timedelta(hours=8)))
    for check in (Check.NETWORK, Check.SAMPLES):
        tick_check(booking.reference, check, True, by=scene.applicant, at=AT)
    assert due_bookings(OPEN_CHECKS, START - timedelta(hours=25)) == []
    soon = START - timedelta(hours=24)
    assert due_bookings(OPEN_CHECKS, soon) == [booking.id], other.reference
    assert do_due(OPEN_CHECKS, booking.id, soon)
    assert not do_due(OPEN_CHECKS, booking.id, soon), "another worker has done it"
    told = session.scalars(select(Message).where(Message.kind.startswith("checks_open"))).all()
    words = {each.person_id: compose(each).get_body(("plain",)).get_content() for each in told}
    assert set(words) == {scene.applicant.id, scene.operator.id}, "nobody is on duty yet"
    for person, left, done in (
        (scene.applicant, "installing the programs and how to talk to each other", "connection,"),
        (scene.operator, "how to talk to each other", "programs"),
    ):
        assert left in words[person.id]
        assert done not in words[person.id]
        assert f"/bookings/{booking.reference}#connection" in words[person.id]
    for check in (Check.PROGRAM, Check.CONTACT):
        tick_check(booking.reference, check, True, by=scene.operator, at=AT)
    session.query(CheckReminder).delete()
    assert due_bookings(OPEN_CHECKS, soon) == []


def test_every_check_is_somebodys():
    assert all(DOERS[check] for check in Check)
    assert open_for(Doer.ON_DUTY, set()) == [Check.SAMPLES, Check.CONTACT]


def test_data_come_with_a_licence(session, scene, client):
    booking = scene.ask(access_mode="data", starts_at=START)
    product = Product("Time series of 2025", "CC-BY-4.0", "https://doi.org/10.5281/zenodo.1234")
    with pytest.raises(NotGiving):
        describe_data(booking.reference, product, by=scene.operator, at=AT)
    scene.confirm(booking)
    for wrong in (Product("x", "WTFPL"), Product("x", "CC0-1.0", "10/none")):
        with pytest.raises(InvalidInput):
            describe_data(booking.reference, wrong, by=scene.operator, at=AT)
    with pytest.raises(NotFound):
        describe_data(booking.reference, product, by=scene.applicant, at=AT)
    assert describe_data(booking.reference, product, by=scene.operator, at=AT).doi == (
        "10.5281/zenodo.1234"
    )
    session.commit()
    sign_in(client, scene.applicant)
    page = client.get(f"/bookings/{booking.reference}").text
    assert ("Attribution 4.0" in page, "https://doi.org/10.5281/zenodo.1234" in page) == (
        True,
        True,
    )
    sign_in(client, scene.operator)
    data = {"description": "x", "licence": "CC0-1.0"}
    assert client.post(f"/bookings/{booking.reference}/data", data=data).status_code == 302
