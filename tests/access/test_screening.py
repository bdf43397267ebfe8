"""Screening: answered once, asked again only where it changed, decided by the office in charge and by nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.access.eligibility import eligibility_of
from instrument_share.access.errors import NotReady
from instrument_share.access.screening import queries, services
from instrument_share.access.screening.models import Screening
from instrument_share.access.screening.rules import (
    CLASSES,
    Answer,
    Question,
    ScreeningClass,
    needs_attention,
    to_ask,
    with_answers,
)
from instrument_share.access.screening.standard import standard_questions
from instrument_share.booking import services as booking
from instrument_share.foundation.database import db
from instrument_share.foundation.errors import InvalidInput, NotFound, StaleVersion
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import Institution, Person
from instrument_share.identity.rules import Role, Scope
from instrument_share.identity.waiting import waiting_for
from instrument_share.notification.models import Message
from tests.support.builders import AT, grant, make_person
from tests.support.marks import postgresql_only
from tests.support.scene import make_scene
from tests.support.signing import sign_in

EXPORT = ScreeningClass.EXPORT_CONTROL
HARMLESS = {"dual_use": Answer("no"), "end_use": Answer("no"), "listed_party": Answer("no")}
SECRET = "an unmistakable explanation"
WORRYING = HARMLESS | {"dual_use": Answer("yes", SECRET)}


@pytest.fixture
def scene(session):
    return make_scene(screening_class="export_control")


@pytest.fixture
def host(scene):
    return scene.instrument.facility.host


def standing(scene, at=AT):
    found = eligibility_of(scene.applicant, scene.instrument, None, at=at)
    return next(each for each in found.conditions if each.code == "screened")


def test_every_class_has_questions_in_every_language():
    for each in CLASSES:
        for question in standard_questions(each):
            assert set(question.texts) == {"en", "zh-Hans", "ar", "ru"}
            assert question.attention in ("yes", "no")


KEYS = st.sampled_from("abcd")
QUESTIONS = st.lists(
    st.builds(Question, KEYS, st.fixed_dictionaries({"en": st.text(max_size=3)}), st.just("yes")),
    max_size=4,
    unique_by=lambda each: each.key,
)


@given(QUESTIONS, QUESTIONS)
def test_only_what_changed_is_asked_again(before, after):
    kept = with_answers(before, {}, {each.key: Answer("no") for each in before})
    asked = to_ask(after, kept)
    assert {each.print for each in asked} == {q.print for q in after} - {q.print for q in before}
    whole = with_answers(after, kept, {each.key: Answer("yes") for each in asked})
    assert to_ask(after, whole) == []
    assert {each.key for each in needs_attention(after, whole)} == {each.key for each in asked}


def test_harmless_answers_clear_at_once_for_a_year(session, scene, host):
    assert not standing(scene).met
    services.answer(host, EXPORT, HARMLESS, by=scene.applicant, at=AT)
    assert standing(scene).met
    assert standing(scene, AT + timedelta(days=364)).met
    assert "run out" in standing(scene, AT + timedelta(days=367)).message
    assert session.query(Message).count() == 0


def piles(app, person):
    with app.test_request_context():
        return {each.name: each.pile.total for each in waiting_for(person, AT)}


def test_the_office_decides_what_needs_attention(app, session, scene, host):
    with pytest.raises(InvalidInput) as refused:
        services.answer(host, EXPORT, {"dual_use": Answer("yes")}, by=scene.applicant, at=AT)
    assert set(refused.value.fields) == {
        "detail-dual_use", "answer-end_use", "answer-listed_party",
    }  # fmt: skip
    row = services.answer(host, EXPORT, WORRYING, by=scene.applicant, at=AT)
    assert "wait for the office" in standing(scene).message
    assert piles(app, scene.office) == {"screenings": 1}
    assert piles(app, scene.applicant) == piles(app, scene.manager) == {}
    for stranger in (scene.manager, scene.applicant, make_person(host)):
        with pytest.raises(NotFound):
            services.decide(row.id, "approve", "", by=stranger, at=AT)
    with pytest.raises(InvalidInput):
        services.decide(row.id, "ask-back", "", by=scene.office, at=AT)
    services.decide(row.id, "ask-back", "Which item?", by=scene.office, at=AT)
    assert piles(app, scene.applicant) == {"answers": 1}
    assert piles(app, scene.office) == {}
    stale = row.version
    services.answer(host, EXPORT, WORRYING, by=scene.applicant, at=AT)
    with pytest.raises(StaleVersion):
        services.decide(row.id, "approve", "", by=scene.office, at=AT, version=stale)
    services.decide(row.id, "approve", "", by=scene.office, at=AT, version=row.version)
    assert standing(scene).met
    session.flush()
    assert [m.kind for m in session.query(Message).order_by(Message.id)] == [
        "screening_waits", "screening_asked_back", "screening_waits", "screening_cleared",
    ]  # fmt: skip


@postgresql_only
def test_answers_that_are_sent_twice_at_once_are_the_same(session, app, scene, host, monkeypatch):
    """Both see that there are none yet; who comes second finds those of the first when it is tried again."""
    session.commit()
    person, institution, both = scene.applicant.id, host.id, Barrier(2)
    read = services.queries.screening_of

    def read_together(*args, **how):
        row = read(*args, **how)
        if row is None:
            both.wait(10)
        return row

    def send(_: int) -> str:
        with app.app_context():
            by, where = db.session.get(Person, person), db.session.get(Institution, institution)
            try:
                return perform(services.answer, where, EXPORT, HARMLESS, by=by, at=AT).state
            finally:
                db.session.remove()

    monkeypatch.setattr(services.queries, "screening_of", read_together)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, range(2))) == ["cleared", "cleared"]
    assert session.query(Screening).count() == 1


def test_what_is_withdrawn_stops_the_start(session, scene, host):
    row = services.answer(host, EXPORT, HARMLESS, by=scene.applicant, at=AT)
    held = scene.confirm(scene.ask())
    services.decide(row.id, "withdraw", "A new list", by=scene.office, at=AT)
    with pytest.raises(NotReady) as refused:
        booking.start(held.reference, by=scene.manager, at=held.starts_at, version=None)
    assert "screening" in str(refused.value.message)


@pytest.mark.parametrize("decision", ["decline", "ask-back", "withdraw"])
def test_nobody_gets_around_the_office_by_answering_otherwise(session, scene, host, decision):
    first = HARMLESS if decision == "withdraw" else WORRYING
    row = services.answer(host, EXPORT, first, by=scene.applicant, at=AT)
    services.decide(row.id, decision, "A new list", by=scene.office, at=AT)
    for _ in range(2):
        services.answer(host, EXPORT, HARMLESS, by=scene.applicant, at=AT)
        assert row.state == "waiting"
    services.decide(row.id, "approve", "", by=scene.office, at=AT)
    assert standing(scene).met


def test_a_new_version_asks_only_what_is_new(session, scene, host):
    services.answer(host, EXPORT, HARMLESS, by=scene.applicant, at=AT)
    shipped = standard_questions(EXPORT)
    publish = {"by": scene.office, "at": AT}
    services.publish(host, EXPORT, shipped[:2], 24, version=0, **publish)
    assert standing(scene).met  # a question less asks nothing
    with pytest.raises(StaleVersion):
        services.publish(host, EXPORT, shipped, 24, version=0, **publish)
    with pytest.raises(NotFound):
        services.publish(host, EXPORT, shipped, 24, version=1, by=scene.manager, at=AT)
    changed = (shipped[0], replace(shipped[1], texts={"en": "Meant for weapons?"}))
    services.publish(host, EXPORT, changed, 24, version=1, **publish)
    session.expire_all()
    assert "new questions" in standing(scene).message
    row = queries.screening_of(scene.applicant, host, EXPORT)
    assert [each.key for each in to_ask(changed, row.answers)] == ["end_use"]
    services.answer(host, EXPORT, {"end_use": Answer("no")}, by=scene.applicant, at=AT)
    assert standing(scene).met


def test_the_pages_lead_from_the_question_to_the_decision(client, session, scene, host):
    address = f"/screening/{host.slug}/export_control"
    sign_in(client, scene.applicant)
    assert address in client.get(f"/instruments/{scene.instrument.slug}").text
    wrong = client.post(address, data={"answer-dual_use": "yes"})
    assert (wrong.status_code, "Explain this answer" in wrong.text) == (422, True)
    form = {f"answer-{key}": each.answer for key, each in WORRYING.items()}
    client.post(address, data=form | {"detail-dual_use": SECRET})
    assert SECRET in client.get(address).text
    (row,) = session.query(Screening)
    decision = f"/manage/screening/{row.id}"
    safety = make_person(host)
    grant(safety, Role.SAFETY_OFFICER, Scope("institution", host.id))
    for stranger in (scene.applicant, scene.manager, safety):
        sign_in(client, stranger)
        assert client.get(decision).status_code == 404
        assert SECRET not in client.get(address).text or stranger is scene.applicant
    sign_in(client, scene.office)
    assert scene.applicant.display_name in client.get("/manage/screening").text
    assert SECRET in client.get(decision).text
    client.post(decision, data={"do": "approve", "version": row.version})
    session.expire_all()
    assert row.state == "cleared"
    questions = f"/manage/screening/{host.slug}/export_control"
    assert "come with the software" in client.get(questions).text
    new = {
        "version": "0",
        "valid_months": "6",
        "q-0-key": "a",
        "q-0-en": "Is it safe?",
        "q-0-attention": "no",
    }
    for wrong in (
        {"q-0-en": "Why?" * 500},
        {"q-0-en": "\x01"},
        {"valid_months": "0120999999"},
        {"version": "9" * 5000},
    ):
        refused = client.post(questions, data=new | wrong)
        assert (refused.status_code, (new | wrong)["q-0-en"] in refused.text) == (422, True)
    client.post(questions, data=new)
    assert "Is it safe?" in client.get(questions).text
    sign_in(client, scene.applicant)
    assert "Is it safe?" in client.get(address).text


def test_training_and_screening_are_one_statement(session, scene, count_queries):
    scene.instrument.qualification = "supervised"
    session.flush()
    assert scene.instrument.facility.host.slug
    assert scene.applicant.institution.country
    with count_queries() as queries_:
        eligibility_of(scene.applicant, scene.instrument, None, at=AT)
    assert queries_.count == 1, queries_
