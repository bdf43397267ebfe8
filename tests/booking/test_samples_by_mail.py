"""Samples by mail: their way as one table, who takes which step, who is told, labels, and the page."""

from __future__ import annotations

import pypdfium2
import pytest
import time_machine
from sqlalchemy import select

from instrument_share.booking.samples.models import SampleTrack
from instrument_share.booking.samples.rules import OVER, WAYS, SampleState, Step
from instrument_share.booking.samples.services import Parcel, WrongStep, describe, take_step
from instrument_share.booking.values import SampleEntry
from instrument_share.foundation.errors import InvalidInput, NotFound
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.builders import AT, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in

POST = Parcel("SF", "SF 1234 5678")


@pytest.fixture(autouse=True)
def present():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def scene(session):
    return make_scene(modes=["mail_in"])


@pytest.fixture
def booking(session, scene):
    samples = (SampleEntry("Thin film", count=3, hazard="toxic"), SampleEntry("Powder"))
    booking = scene.confirm(scene.ask(access_mode="mail_in", samples=samples))
    session.commit()
    return booking


def test_every_way_ends_and_none_leads_back():
    order = list(SampleState)
    assert all(order.index(way.to) > order.index(state) for (state, _), way in WAYS.items())
    assert {state for state, _ in WAYS} == set(SampleState) - OVER


def test_who_takes_which_step_and_who_is_told(session, scene, booking):
    reference, sample = booking.reference, booking.samples[0]

    def step(word: Step, by: object, parcel: Parcel = POST) -> SampleTrack:
        return take_step(reference, sample.id, word, parcel, by=by, at=AT)

    for word, person in (
        (Step.SEND, scene.operator), (Step.RECEIVE, scene.applicant), (Step.SEND, make_person()),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            step(word, person)
    with pytest.raises(InvalidInput):
        step(Step.SEND, scene.applicant, Parcel("SF"))
    with pytest.raises(WrongStep):
        step(Step.MEASURE, scene.operator)
    with pytest.raises(NotFound):
        take_step(reference, sample.id + 99, Step.SEND, POST, by=scene.applicant, at=AT)
    step(Step.SEND, scene.applicant)
    step(Step.RECEIVE, scene.operator, Parcel(note="One is broken"))
    step(Step.MEASURE, scene.operator, Parcel())
    track = step(Step.RETURN, scene.manager)
    assert (track.state, [each.step for each in track.steps]) == (
        "returned", ["send", "receive", "measure", "return"],
    )  # fmt: skip
    told = {
        each.kind: each
        for each in session.scalars(select(Message).where(Message.kind.startswith("sample_")))
    }
    assert {kind: each.person_id for kind, each in told.items()} == {
        Kind.SAMPLE_SENT: scene.operator.id,
        **dict.fromkeys(
            (Kind.SAMPLE_RECEIVED, Kind.SAMPLE_MEASURED, Kind.SAMPLE_RETURNED), scene.applicant.id
        ),
    }
    text = compose(told[Kind.SAMPLE_RETURNED]).get_body(("plain",)).get_content()
    assert ("Thin film" in text, "SF 1234 5678" in text) == (True, True)
    assert "One is broken" in compose(told[Kind.SAMPLE_RECEIVED]).as_string()


def test_on_the_page_and_by_label(session, scene, booking, client):
    address = f"/bookings/{booking.reference}"
    sample = booking.samples[0]
    sign_in(client, scene.applicant)
    described = client.post(
        f"{address}/samples/{sample.id}/describe", data={"kind": "film", "preservation": "dry"}
    )
    assert described.status_code == 302
    with pytest.raises(NotFound):
        describe(booking.reference, sample.id, "x", "x", by=scene.operator, at=AT)
    printed = client.post(f"{address}/samples/labels.pdf")
    text = pypdfium2.PdfDocument(printed.data)[0].get_textpage().get_text_range()
    tracks = session.scalars(select(SampleTrack).order_by(SampleTrack.sample_id)).all()
    for shown in ("Thin film", "Powder", "toxic", *(each.code for each in tracks)):
        assert shown in text, shown
    refused = client.post(f"{address}/samples/{sample.id}/steps/send", data={"carrier": "SF"})
    assert (refused.status_code, f"#field-tracking_{sample.id}" in refused.text) == (422, True)
    assert client.post(f"{address}/samples/{sample.id}/steps/fly").status_code == 404
    data = {"carrier": "SF", "tracking": "1"}
    sent = client.post(f"{address}/samples/{sample.id}/steps/send", data=data)
    assert sent.status_code == 302
    assert client.post(f"{address}/samples/{sample.id}/steps/receive").status_code == 404
    sign_in(client, scene.operator)
    opened = client.get(f"/samples/{tracks[0].code.lower()}")
    assert opened.headers["Location"].endswith(f"{booking.reference}#sample-{sample.id}")
    assert "It has arrived" in client.get(address).text
    sign_in(client, make_person())
    assert client.get(f"/samples/{tracks[0].code}").status_code == 404
