"""After a use: feedback, thanks, results with reminders, publications, and records with their disputes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from instrument_share.booking import services as bookings
from instrument_share.booking.afterwards import credit, services
from instrument_share.booking.afterwards.acknowledgement import acknowledgements_of
from instrument_share.booking.afterwards.errors import (
    AlreadyGiven,
    AlreadyReported,
    NotContestable,
    NotContested,
    NotUsed,
)
from instrument_share.booking.afterwards.models import CreditEntry, Publication
from instrument_share.booking.afterwards.queries import credit_of, credit_of_institution
from instrument_share.booking.afterwards.rules import (
    BETWEEN_REMINDERS,
    FADES,
    RESULTS_AFTER,
    WEIGHTS,
    Breach,
    Entry,
    Verdict,
    score_of,
)
from instrument_share.booking.afterwards.values import Marks, Paper
from instrument_share.foundation.chores import Shift, one_by_one
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound
from instrument_share.foundation.identifiers import normalize_doi
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.services import issue_token
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.builders import AT, make_agreement, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

PAPER = Paper("https://doi.org/10.1038/S41586-020-2649-2", "On thin films", True)


@pytest.fixture
def scene(session):
    return make_scene()


@pytest.fixture
def used(session, scene):
    booking = scene.confirm(scene.ask())
    how = {"by": scene.operator, "version": None}
    bookings.start(booking.reference, at=booking.starts_at, **how)
    bookings.finish(booking.reference, at=booking.ends_at, **how)
    session.commit()
    return booking


def told(session, kind) -> list[int]:
    return list(session.scalars(select(Message.person_id).where(Message.kind == kind)))


# --- the pure part --------------------------------------------------------------------------------

entries = st.lists(
    st.builds(
        Entry,
        st.sampled_from(Breach),
        st.timedeltas(timedelta(), FADES * 2).map(lambda ago: AT - ago),
    )
)


@given(entries, st.timedeltas(timedelta(), FADES))
def test_a_record_only_gets_better_with_time(those, later):
    now, then = score_of(those, AT), score_of(those, AT + later)
    assert 0 <= now <= then <= 100
    assert score_of(those, AT + FADES) == 100


def test_a_breach_weighs_its_weight_until_it_is_lifted_and_fades():
    for kind, weight in WEIGHTS.items():
        assert score_of([Entry(kind, AT)], AT) == 100 - weight
        assert score_of([Entry(kind, AT)], AT + FADES / 2) == 100 - weight // 2
        assert score_of([Entry(kind, AT, counts=False)], AT) == 100


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        (" 10.1000/182 ", "10.1000/182"), ("doi:10.1000/ABC", "10.1000/abc"),
        ("https://doi.org/10.1000/182", "10.1000/182"), ("10.1000/", None), ("10.1/x", None),
        ("10.1000/a b", None), ("10.1000/<script>", None), ("https://example.org/10.1000/182", None),
    ],
)  # fmt: skip
def test_dois_are_brought_to_one_form(text, doi):
    assert normalize_doi(text) == doi


# --- feedback, results, publications --------------------------------------------------------------


def test_feedback_is_given_once_and_read_by_those_in_charge(session, scene, used, client):
    services.give_feedback(used.reference, Marks(5, 4, 3, "A warm room"), by=scene.applicant, at=AT)
    with pytest.raises(AlreadyGiven):
        services.give_feedback(used.reference, Marks(1, 1, 1), by=scene.applicant, at=AT)
    with pytest.raises(Forbidden):
        services.give_feedback(used.reference, Marks(1, 1, 1), by=scene.manager, at=AT)
    with pytest.raises(NotFound):
        services.give_feedback(used.reference, Marks(1, 1, 1), by=make_person(), at=AT)
    for reader, reads in ((scene.applicant, True), (scene.manager, True), (scene.office, False)):
        sign_in(client, reader)
        page = client.get(f"/bookings/{used.reference}/afterwards").text
        assert ("A warm room" in page) is reads
    with pytest.raises(NotUsed):
        services.give_feedback(
            scene.ask(starts_at=AT + timedelta(days=9)).reference,
            Marks(1, 1, 1), by=scene.applicant, at=AT,
        )  # fmt: skip


def test_a_publication_stands_once_however_often_it_is_reported(session, scene, used):
    first = services.report_publication(used.reference, PAPER, by=scene.applicant, at=AT)
    assert (first.doi, first.acknowledged) == ("10.1038/s41586-020-2649-2", True)
    again = Paper("10.1038/s41586-020-2649-2", "Other title")
    with pytest.raises(AlreadyReported):
        services.report_publication(used.reference, again, by=scene.applicant, at=AT)
    other = scene.confirm(scene.ask(starts_at=AT + timedelta(days=2)))
    how = {"by": scene.operator, "version": None}
    bookings.start(other.reference, at=other.starts_at, **how)
    bookings.finish(other.reference, at=other.ends_at, **how)
    same = services.report_publication(other.reference, again, by=scene.applicant, at=AT)
    assert (same.id, [each.id for each in same.bookings]) == (first.id, [used.id, other.id])
    assert len(session.scalars(select(Publication)).all()) == 1
    with pytest.raises(InvalidInput):
        services.report_publication(used.reference, Paper("10.1/x", "x"), by=scene.applicant, at=AT)


def pursue_until(at) -> None:
    one_by_one(services.due_results, services.pursue)(Shift("w", lambda: at))


def test_results_are_asked_for_three_times_and_then_the_record_says_so(session, scene, used):
    due = used.ended_at + RESULTS_AFTER
    reminders = []
    for month in range(6):
        for _ in range(2):  # a second worker finds nothing left
            pursue_until(due + month * BETWEEN_REMINDERS)
        reminders.append(len(told(session, Kind.RESULTS_OVERDUE)))
    assert reminders == [1, 2, 3, 3, 3, 3]
    at = due + 3 * BETWEEN_REMINDERS
    record = credit_of(scene.applicant, at)
    assert (record.score, [each.kind for each in record.entries]) == (90, ["unreported"])
    services.report_results(used.reference, "Nothing worked", by=scene.applicant, at=at)
    session.commit()
    record = credit_of(scene.applicant, at)
    assert (record.score, record.entries[0].mended_at) == (100, at)


def test_reported_results_are_not_asked_for(session, scene, used):
    services.report_publication(used.reference, PAPER, by=scene.applicant, at=AT)
    session.commit()
    pursue_until(used.ended_at + 2 * RESULTS_AFTER)
    assert told(session, Kind.RESULTS_OVERDUE) == []


def test_the_sentence_of_thanks_is_there_in_each_language(app, session, scene, used):
    used.agreement = make_agreement(scene.instrument.facility.host, scene.applicant.institution)
    scene.instrument.pid = "10.5281/zenodo.1"
    with app.test_request_context():
        texts = {each.language.tag: each.text for each in acknowledgements_of(used)}
    for tag, text in texts.items():
        assert f"{scene.instrument.names[tag]} (10.5281/zenodo.1)" in text
        assert used.agreement.reference in text
    assert len(set(texts.values())) == 3


# --- records --------------------------------------------------------------------------------------


@pytest.fixture
def missed(session, scene):
    """A no-show on the applicant's record."""
    booking = scene.confirm(scene.ask())
    bookings.mark_no_show(booking.reference, by=scene.operator, at=booking.starts_at, version=None)
    session.commit()
    return session.scalars(select(CreditEntry)).one()


def test_no_shows_and_late_cancellations_are_on_record(session, scene, missed, count_queries):
    late = scene.confirm(scene.ask(starts_at=AT + timedelta(hours=12)))
    bookings.cancel(late.reference, by=scene.applicant, at=AT, version=None)
    early = scene.confirm(scene.ask(starts_at=AT + timedelta(days=8)))
    bookings.cancel(early.reference, by=scene.applicant, at=AT, version=None)
    session.commit()
    at = missed.happened_at
    with count_queries() as queries:
        record = credit_of(scene.applicant, at)
    assert queries.count == 1
    assert [each.kind for each in record.entries] == ["no_show", "late_cancellation"]
    assert record.score == 70
    assert credit_of_institution(scene.applicant.institution_id, at).score == 70
    assert credit_of(scene.manager, at).score == 100


def test_an_entry_is_contested_once_and_decided_by_the_facility(session, scene, missed):
    with pytest.raises(NotFound):
        credit.contest(missed.id, "No", by=make_person(), at=AT)
    with pytest.raises(Forbidden):
        credit.contest(missed.id, "No", by=scene.manager, at=AT)
    with pytest.raises(NotContested):
        credit.decide(missed.id, Verdict.LIFTED, "?", by=scene.manager, at=AT)
    credit.contest(missed.id, "I was there", by=scene.applicant, at=AT)
    assert told(session, Kind.CREDIT_CONTESTED) == [scene.manager.id]
    with pytest.raises(NotContestable):
        credit.contest(missed.id, "Really", by=scene.applicant, at=AT)
    for stranger, error in ((scene.applicant, Forbidden), (scene.operator, NotFound)):
        with pytest.raises(error):
            credit.decide(missed.id, Verdict.LIFTED, "Sorry", by=stranger, at=AT)
    credit.decide(missed.id, Verdict.LIFTED, "The door log shows it", by=scene.manager, at=AT)
    session.commit()
    record = credit_of(scene.applicant, missed.happened_at)
    assert (record.score, record.entries[0].reason, record.entries[0].answer) == (
        100, "I was there", "The door log shows it",
    )  # fmt: skip
    assert told(session, Kind.CREDIT_DECIDED) == [scene.applicant.id]
    deeds = session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_kind == "credit_entry")
    )
    assert list(deeds) == ["credit.noted", "credit.contested", "credit.lifted"]


# --- faces ----------------------------------------------------------------------------------------


def test_the_pages_take_what_is_told_and_keep_what_is_refused(session, scene, used, client):
    sign_in(client, scene.applicant)
    address = f"/bookings/{used.reference}"
    assert f"{address}/afterwards" in client.get(address).text
    refused = client.post(f"{address}/publications", data={"doi": "10.1/x", "title": "On films"})
    assert (refused.status_code, "On films" in refused.text) == (422, True)
    assert 'href="#field-doi"' in refused.text
    for what, form in (
        ("publications", {"doi": PAPER.doi, "title": PAPER.title, "acknowledged": "1"}),
        ("results", {"results": "A data set"}),
        ("feedback", {"instrument": "5", "support": "5", "booking_itself": "5"}),
    ):
        assert client.post(f"{address}/{what}", data=form).status_code == 302, what
    page = client.get(f"{address}/afterwards").text
    assert "https://doi.org/10.1038/s41586-020-2649-2" in page
    assert "A data set" in page
    assert client.post(f"{address}/feedback", data={"instrument": "6"}).status_code == 422


def test_a_record_is_contested_and_decided_on_its_pages(session, scene, missed, client):
    page = f"/account/credit/{missed.id}"
    sign_in(client, scene.applicant)
    with time_machine.travel(missed.happened_at, tick=False):
        assert page in client.get("/account/credit").text
    sign_in(client, scene.applicant)  # a cookie of the future is none
    assert client.post(f"{page}/contest", data={"reason": ""}).status_code == 422
    assert client.post(f"{page}/contest", data={"reason": "I was there"}).status_code == 302
    assert client.post(f"{page}/contest", data={"reason": "x"}).status_code == 409
    sign_in(client, scene.manager)
    assert page in client.get("/inbox").text
    assert "I was there" in client.get(page).text
    form = {"verdict": "upheld", "answer": "No trace of you"}
    assert client.post(f"{page}/decide", data=form | {"verdict": "x"}).status_code == 422
    assert client.post(f"{page}/decide", data=form).status_code == 302
    sign_in(client, make_person())
    assert [client.get(page).status_code, client.post(f"{page}/decide", data=form).status_code] == [
        404,
        404,
    ]


def test_programs_report_and_read(session, scene, used, client):
    token, _ = issue_token(scene.applicant, "test", at=AT)
    head = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    address = f"/api/v1/bookings/{used.reference}/publications"
    said = {"doi": PAPER.doi, "title": PAPER.title}
    first, again = (client.post(address, json=said, headers=head) for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    head.pop("Idempotency-Key")
    assert client.post(address, json=said, headers=head).json["code"] == "already_reported"
    assert client.get(address, headers=head).json["items"] == [first.json]
    assert client.get("/api/v1/account/credit", headers=head).json == {
        "score": 100, "items": [], "total": 0,
    }  # fmt: skip
