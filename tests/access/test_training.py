"""Training: places under races, results that qualify, reminders, revocation, and one use with an operator present."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from instrument_share.access.eligibility import eligibility_of
from instrument_share.access.errors import NotReady
from instrument_share.access.training import services
from instrument_share.access.training.errors import SessionOver, SessionToCome
from instrument_share.access.training.models import Qualification, TrainingPlace
from instrument_share.access.training.rules import PlaceState
from instrument_share.access.training.services.reminding import due_reminders, remind
from instrument_share.booking import services as booking
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound
from instrument_share.identity.rules import Role
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from tests.support.builders import (
    AT,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
    make_qualification,
    make_staff,
    make_training,
)
from tests.support.scene import make_scene
from tests.support.signing import sign_in


@pytest.fixture
def instrument(session):
    return make_instrument(slug="tem", qualification="independent", validity_months=12)


@pytest.fixture
def trainer(instrument):
    return make_staff(Role.OPERATOR, instrument.facility)


@pytest.fixture
def training(instrument, trainer):
    return make_training(instrument, trainer)


@pytest.fixture
def people(session):
    home = make_institution()
    return [make_person(home) for _ in range(4)]


def states(training):
    return [(place.person_id, place.seat, str(place.state)) for place in training.taken]


def kinds(session):
    session.flush()
    return [(m.person_id, m.kind) for m in session.query(Message).order_by(Message.id)]


def test_seats_go_in_order_and_the_line_moves_up(session, training, people):
    first, second, third, fourth = people
    for n, person in enumerate((*people, first)):
        services.request_place(training.reference, by=person, at=AT + timedelta(minutes=n))
    assert [state for _, _, state in states(training)] == ["booked"] * 2 + ["waiting"] * 2
    services.give_up(training.reference, by=second, at=AT)
    seats = {person_id: seat for person_id, seat, _ in states(training)}
    assert seats == {first.id: 1, second.id: None, third.id: 2, fourth.id: None}
    assert kinds(session)[-1] == (third.id, "training_moved_up")
    services.request_place(training.reference, by=second, at=AT + timedelta(hours=1))
    with pytest.raises(SessionOver):
        services.give_up(training.reference, by=first, at=training.starts_at)
    with pytest.raises(NotFound):
        services.give_up(training.reference, by=make_person(), at=AT)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE training_place SET seat = 3 WHERE seat = 2",
        "UPDATE training_place SET seat = 1 WHERE seat = 2",
        "UPDATE training_session SET places = 1",
        "UPDATE training_place SET seat = NULL WHERE seat = 2",
    ],
)
def test_the_database_keeps_the_seats(session, training, people, statement):
    for person in people[:2]:
        services.request_place(training.reference, by=person, at=AT)
    session.flush()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(statement))


def test_who_passes_is_qualified_until_the_day(session, instrument, training, trainer, people):
    first, second, third, _ = people
    for person in (first, second, third):
        services.request_place(training.reference, by=person, at=AT)
    results = {first.id: PlaceState.PASSED, third.id: PlaceState.PASSED}
    with pytest.raises(SessionToCome):
        services.mark(training.reference, results, by=trainer, at=AT)
    after = training.ends_at
    with pytest.raises(Forbidden):
        services.mark(training.reference, results, by=first, at=after)
    services.mark(training.reference, results, by=trainer, at=after)
    (row,) = session.query(Qualification)  # who only waited has passed nothing
    assert (row.person_id, row.valid_until) == (first.id, date(2027, 3, 3))
    assert row.remind_on == date(2027, 1, 2)
    assert training.state == "open"
    services.mark(training.reference, {second.id: PlaceState.ABSENT}, by=trainer, at=after)
    assert training.state == "held"
    assert eligibility_of(first, instrument, None, at=after).eligible
    assert kinds(session)[-1] == (first.id, "qualification_granted")


def test_holders_are_told_twice_and_once_each(session, instrument, trainer, people):
    row = services.grant_qualification(
        people[0], instrument, "independent", by=trainer, at=AT, valid_until=date(2026, 12, 31)
    )
    told = []
    for day in range(320):
        at = AT + timedelta(days=day)
        for key in due_reminders(at):
            assert remind(key, at)
            assert not remind(key, at)
            told.append((row.valid_until - at.date()).days)
    assert told == [60, 14]
    assert kinds(session)[1:] == [(people[0].id, "qualification_ending")] * 2
    mail = compose(session.query(Message).order_by(Message.id.desc()).first())
    assert "/training?instrument=tem" in mail.get_body(("plain",)).get_content()


def test_a_revoked_qualification_holds_no_more_and_says_why(session, instrument, trainer, people):
    row = services.grant_qualification(people[0], instrument, "independent", by=trainer, at=AT)
    stranger = make_staff(Role.OPERATOR, make_facility())
    with pytest.raises(NotFound):
        services.revoke_qualification(row.id, "no", by=stranger, at=AT)
    with pytest.raises(InvalidInput):
        services.revoke_qualification(row.id, " ", by=trainer, at=AT)
    services.revoke_qualification(row.id, "Left it running", by=trainer, at=AT)
    assert not eligibility_of(people[0], instrument, None, at=AT).eligible
    mail = compose(session.query(Message).order_by(Message.id.desc()).first())
    assert "Left it running" in mail.get_body(("plain",)).get_content()
    services.grant_qualification(people[0], instrument, "independent", by=trainer, at=AT)
    assert eligibility_of(people[0], instrument, None, at=AT).eligible


def test_an_instrument_may_be_used_once_with_an_operator_present(session):
    scene = make_scene(qualification="independent", supervised_first_use=True)
    make_qualification(scene.applicant, scene.instrument, "supervised")
    first, second = (
        scene.confirm(scene.ask(starts_at=AT + timedelta(days=n), hours=2)) for n in (1, 2)
    )
    assert first.supervised
    booking.start(first.reference, by=scene.manager, at=first.starts_at, version=None)
    with pytest.raises(NotReady):
        booking.start(second.reference, by=scene.manager, at=second.starts_at, version=None)
    services.grant_qualification(
        scene.applicant, scene.instrument, "independent", by=scene.manager, at=AT
    )
    booking.start(second.reference, by=scene.manager, at=second.starts_at, version=None)
    assert not second.supervised


def test_the_pages_lead_from_the_offer_to_the_result(client, session, instrument, trainer, people):
    with time_machine.travel(AT, tick=False):
        sign_in(client, trainer)
        form = {
            "subject": "tem", "level": "independent", "trainer": trainer.id, "day": "2026-03-09",
            "start": "09:00", "end": "11:00", "places": "1", "language": "en", "venue": "Room 1",
        }  # fmt: skip
        wrong = client.post("/manage/training/new", data=form | {"end": "08:00", "places": "0"})
        assert (wrong.status_code, "Room 1" in wrong.text) == (422, True)
        address = client.post("/manage/training/new", data=form).location
        reference = address.rsplit("/", 1)[1]
        sign_in(client, people[0])
        assert f"/training/{reference}" in client.get("/training?instrument=tem").text
        assert client.get(address).status_code == 404
        asked = client.post(f"/training/{reference}/places", follow_redirects=True).text
        assert "You have a place" in asked
        sign_in(client, people[1])
        assert "Stand in line" in client.get(f"/training/{reference}").text
        client.post(f"/training/{reference}/places")
        sign_in(client, people[0])
        client.post(f"/training/{reference}/give-up")
    with time_machine.travel("2026-03-09T04:00Z", tick=False):
        sign_in(client, trainer)
        assert people[1].display_name in client.get(address).text
        client.post(address, data={f"result-{people[1].id}": "passed"})
        assert people[1].display_name in client.get("/manage/instruments/tem/qualifications").text
        (row,) = session.query(Qualification)
        client.post(
            f"/manage/instruments/tem/qualifications/{row.id}/revoke", data={"reason": "A mistake"}
        )
        demands = {"level": "supervised", "validity_months": "24", "first_use": "1"}
        assert client.post("/manage/instruments/tem/qualifications", data=demands).location
        nobody = {"email": "nobody@example.org", "level": "independent"}
        refused = client.post("/manage/instruments/tem/qualifications/grant", data=nobody)
        assert (refused.status_code, "Nobody here" in refused.text) == (422, True)
        sign_in(client, people[1])
        assert "A mistake" in client.get("/training").text
    session.expire_all()
    assert (instrument.qualification, instrument.validity_months) == ("supervised", 24)


def test_programs_ask_for_places_too(client, session, training, people, count_queries):
    sign_in(client, people[0])
    with time_machine.travel(AT, tick=False), count_queries() as queries:
        offered = client.get("/api/v1/training?instrument=tem").json
    assert [each["reference"] for each in offered["items"]] == [training.reference]
    assert queries.count <= 4, queries
    assert session.query(TrainingPlace).count() == 0
