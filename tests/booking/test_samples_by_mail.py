"""Samples by mail: their way as one table, who takes which step, who is told, labels, and the page."""

from __future__ import annotations

import pypdfium2
import pytest
import time_machine
from sqlalchemy import select

from instrument_share.booking.samples.errors import WrongStep
from instrument_share.booking.samples.models import SampleTrack
from instrument_share.booking.samples.outcomes import NoSuchSample, Outcome
from instrument_share.booking.samples.rules import (
    OVER,
    WAYS,
    SampleState,
    Step,
    outcomes_of,
    steps_to,
)
from instrument_share.booking.samples.services import describe, take_step
from instrument_share.booking.samples.values import Parcel
from instrument_share.booking.services import finish, start
from instrument_share.booking.values import SampleEntry
from instrument_share.booking.wall_time import filled_in
from instrument_share.foundation.errors import InvalidInput, NotFound
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.bearer import Bearer
from tests.support.builders import AT, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

POST = Parcel("SF", "SF 1234 5678")


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
    for state in SampleState:
        assert bool(outcomes_of(state)) == (state not in OVER)
        assert state not in outcomes_of(state)
    assert steps_to(SampleState.SENT, SampleState.KEPT) == (Step.RECEIVE, Step.KEEP)
    assert steps_to(SampleState.ANNOUNCED, SampleState.SENT) == ()  # the applicant's to say


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


def test_the_end_of_the_use_asks_what_became_of_each_and_guesses_nothing(
    session, scene, booking, client
):
    film, powder = booking.samples
    take_step(booking.reference, film.id, Step.SEND, POST, by=scene.applicant, at=AT)
    start(booking.reference, by=scene.operator, at=booking.starts_at, version=None)
    session.commit()
    sign_in(client, scene.operator)
    address = f"/bookings/{booking.reference}/finish"
    with time_machine.travel(booking.ends_at, tick=False):
        asked = client.get(address).text
        assert (
            "Not said: it stays “sent”" in asked,
            "Not said: it stays “announced”" in asked,
        ) == (True, True)
        data = filled_in(booking.starts_at, booking.ends_at, booking.time_zone)
        data |= {"version": booking.version, f"became_{film.id}": "returned"}
        refused = client.post(address, data=data)
        assert (refused.status_code, f"#field-tracking_{film.id}" in refused.text) == (422, True)
        data |= {f"carrier_{film.id}": "SF", f"tracking_{film.id}": "SF 9"}
        done = client.post(address, data=data, follow_redirects=True)
    assert done.status_code == 200
    assert "What became of 1 sample was not said: it stays as it was." in done.text
    states = dict(session.execute(select(SampleTrack.sample_id, SampleTrack.state)).all())
    assert (states[film.id], states.get(powder.id, "announced")) == ("returned", "announced")
    told = [
        each.kind
        for each in session.scalars(select(Message).where(Message.kind.startswith("sample_")))
    ]
    # Once of each sample, not of every step.
    assert told == [Kind.SAMPLE_SENT, Kind.SAMPLE_RETURNED]


def test_the_end_of_the_use_by_api(session, scene, booking):
    film = booking.samples[0]
    start(booking.reference, by=scene.operator, at=booking.starts_at, version=None)

    def finished(**outcomes):
        said = {"by": scene.operator, "at": booking.ends_at, "version": None}
        return finish(booking.reference, **said, outcomes=outcomes["of"])

    kept = Outcome(SampleState.KEPT, Parcel())
    with pytest.raises(NoSuchSample):
        finished(of={film.id + 99: kept})
    with pytest.raises(InvalidInput):
        finished(of={film.id: Outcome(SampleState.RETURNED, Parcel("SF"))})
    finished(of={film.id: kept})
    track = session.get(SampleTrack, film.id)
    assert (track.state, [each.step for each in track.steps]) == ("kept", ["receive", "keep"])
    mail = compose(session.scalars(select(Message).filter_by(kind=Kind.SAMPLE_KEPT)).one())
    assert "Thin film" in mail["Subject"]
    take_step(booking.reference, film.id, Step.RETURN, POST, by=scene.operator, at=booking.ends_at)


def test_by_api(session, scene, booking, client, count_queries):
    film = booking.samples[0]
    path = f"/bookings/{booking.reference}/samples"
    applicant = Bearer.of(client, scene.applicant, at=AT)
    operator = Bearer.of(client, scene.operator, at=AT)
    sent = {"step": "send", "carrier": "SF", "tracking": "SF 1"}
    said = [
        applicant.call("POST", f"{path}/{film.id}/events", sent, **{"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert [(each.status_code, each.json["state"]) for each in said] == [(201, "sent")] * 2
    wrong = operator.call("POST", f"{path}/{film.id}/events", {"step": "measure"})
    assert (wrong.status_code, wrong.json["code"]) == (409, "wrong_step")
    with count_queries() as queries:
        listed = operator.call("GET", path).json
    assert queries.count <= 9, queries
    assert [(each["name"], each["state"], each["steps"]) for each in listed["items"]] == [
        ("Thin film", "sent", ["receive"]), ("Powder", "announced", ["receive"]),
    ]  # fmt: skip
    (event,) = operator.call("GET", f"{path}/{film.id}/events").json["items"]
    assert (event["step"], event["tracking"], event["by"]) == (
        "send", "SF 1", scene.applicant.display_name,
    )  # fmt: skip
    assert Bearer.of(client, make_person(), at=AT).call("GET", path).status_code == 404
