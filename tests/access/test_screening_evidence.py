"""Files that a screening demands: they come with an answer, are the office's to see, and stay as long as it does."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from instrument_share.access.screening import services
from instrument_share.access.screening.models import Screening, ScreeningEvidence
from instrument_share.access.screening.rules import (
    Answer,
    Evidence,
    Question,
    ScreeningClass,
    needs_attention,
    needs_evidence,
    to_ask,
    with_answers,
)
from instrument_share.files.errors import UnacceptableFile
from instrument_share.foundation.errors import InvalidInput
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from tests.support.builders import AT, grant, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in
from tests.support.uploads import PDF, upload

pytestmark = pytest.mark.usefixtures("present")

BIO = ScreeningClass.BIOSAFETY
CELLS = Question("cells", {"en": "Do you bring cells?"}, "yes")
ETHICS = Question("ethics", {"en": "Is it approved?"}, "no", Evidence.ETHICS_APPROVAL, "yes")
LICENCE = Question("licence", {"en": "Is a licence needed?"}, "yes", Evidence.LICENCE)
ASKED = (CELLS, ETHICS, LICENCE)
SAID = {"cells": Answer("no"), "ethics": Answer("yes"), "licence": Answer("no")}

_ANSWERS = st.fixed_dictionaries({}, optional={q.key: st.sampled_from("yn") for q in ASKED})
_CHANGED = st.frozensets(st.sampled_from([q.key for q in ASKED]))


@given(_ANSWERS, _ANSWERS, _CHANGED)
def test_a_file_stays_with_its_answer_and_with_no_other(first, then, changed):
    """Whatever is answered, changed in the checklist, and answered again."""
    words = {"y": "yes", "n": "no"}
    kept = with_answers(ASKED, {}, {key: Answer(words[it]) for key, it in first.items()})
    for question in needs_evidence(ASKED, kept):
        kept[question.key]["evidence"] = f"file of {question.key}"
    after = [replace(q, texts={"en": "New"}) if q.key in changed else q for q in ASKED]
    merged = with_answers(after, kept, {key: Answer(words[it]) for key, it in then.items()})
    for question in after:
        had = "evidence" in kept.get(question.key, {})
        demanded = question in needs_evidence(after, merged)
        stays = had and demanded and question.key not in changed
        assert ("evidence" in merged.get(question.key, {})) is stays
        assert not demanded or question in needs_attention(after, merged), "the office looks at it"


def test_what_is_kept_of_questions_without_a_file_is_not_asked_again_for_there_being_files():
    assert CELLS.print == "1abf173c36095fa2"
    assert to_ask([replace(CELLS, evidence=Evidence.LICENCE)], {"cells": {"print": CELLS.print}})


@pytest.fixture
def scene(session):
    return make_scene(screening_class="biosafety")


@pytest.fixture
def officer(session, scene):
    """Who decides, and has asked for the files."""
    officer, host = make_person(), scene.instrument.facility.host
    grant(officer, Role.SAFETY_OFFICER, Scope("institution", host.id))
    services.publish(host, BIO, ASKED, 12, by=officer, at=AT, version=0)
    session.commit()
    return officer


def answer(scene, said=SAID, **files):
    host = scene.instrument.facility.host
    return services.answer(host, BIO, said, files, by=scene.applicant, at=AT)


def test_a_demanded_file_waits_for_the_office_and_goes_with_its_answer(session, scene, officer):
    host = scene.instrument.facility.host
    with pytest.raises(InvalidInput) as refused:
        answer(scene)
    assert set(refused.value.fields) == {"evidence-ethics"}
    with pytest.raises(UnacceptableFile) as unfit:
        answer(scene, ethics=upload("a.svg", b"<svg/>"))
    assert set(unfit.value.fields) == {"evidence-ethics"}
    row = answer(scene, ethics=upload(), licence=upload())  # the second was not asked for
    assert row.state == "waiting"
    (kept,) = row.evidence
    answer(scene)
    assert row.evidence == [kept], "the same answer keeps its file"
    services.decide(row.id, "approve", "", by=officer, at=AT)
    changed = (CELLS, replace(ETHICS, texts={"en": "Is it approved by a board?"}), LICENCE)
    services.publish(host, BIO, changed, 12, by=officer, at=AT, version=1)
    session.expire_all()
    assert row.outdated
    assert [each.key for each in to_ask(changed, row.answers)] == ["ethics"]
    with pytest.raises(InvalidInput):
        answer(scene, {"ethics": Answer("yes")})  # a file belongs to the question as it was asked
    answer(scene, {"ethics": Answer("yes")}, ethics=upload("board.pdf"))
    assert [each.file.name for each in row.evidence] == ["board.pdf"]
    answer(scene, {"ethics": Answer("no", "Not yet")})
    session.commit()
    assert session.scalars(select(ScreeningEvidence)).all() == []
    told = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.action == "screening.answered")
        .order_by(AuditEntry.sequence)
    ).all()
    assert [len(each.details["evidence"]) for each in told] == [1, 1, 1, 0]


def test_who_answers_sends_it_and_who_decides_fetches_it(session, client, scene, officer):
    host = scene.instrument.facility.host
    address = f"/screening/{host.slug}/biosafety"
    sign_in(client, scene.applicant)
    assert "Ethics approval" in client.get(address).text
    form = {f"answer-{key}": each.answer for key, each in SAID.items()}
    refused = client.post(address, data=form)
    assert (refused.status_code, 'href="#field-evidence-ethics"' in refused.text) == (422, True)
    sent = {**form, "evidence-ethics": (io.BytesIO(PDF), "approval.pdf")}
    assert client.post(address, data=sent).status_code == 302
    row = session.scalar(select(Screening))
    file = f"/screening/evidence/{row.evidence[0].file.key}"
    assert "approval.pdf" in client.get(address).text
    administrator, colleague = make_person(), make_person(scene.applicant.institution)
    grant(administrator, Role.ADMINISTRATOR, PROGRAMME)
    session.commit()
    for person, status in (
        (scene.applicant, 200), (officer, 200), (administrator, 200),
        (scene.office, 404), (scene.manager, 404), (colleague, 404),
    ):  # fmt: skip
        sign_in(client, person)
        found = client.get(file)
        assert found.status_code == status
        if status == 200:
            assert "attachment" in found.headers["Content-Disposition"]
    sign_in(client, officer)
    page = client.get(f"/manage/screening/{row.id}").text
    assert (file in page, "needs attention" in page) == (True, True)
    written = client.get(f"/manage/screening/{host.slug}/biosafety").text
    assert '<option value="ethics_approval" selected>' in written
    new = {
        "version": "1", "valid_months": "6", "q-0-key": "cells", "q-0-en": "Do you bring cells?",
        "q-0-attention": "yes", "q-0-evidence": "licence", "q-0-evidence_on": "no",
    }  # fmt: skip
    client.post(f"/manage/screening/{host.slug}/biosafety", data=new)
    written = client.get(f"/manage/screening/{host.slug}/biosafety").text
    assert '<option value="licence" selected>' in written
