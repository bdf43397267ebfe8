"""Documents of an agreement: for the offices of both sides, removed without being forgotten, and kept at its end."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from instrument_share.access.agreements.documents.models import AgreementDocument
from instrument_share.access.agreements.documents.rules import DocumentKind
from instrument_share.access.agreements.documents.services import add_document, remove_document
from instrument_share.access.agreements.documents.values import DocumentDraft
from instrument_share.access.agreements.services import end_agreement
from instrument_share.access.errors import WrongAgreementState
from instrument_share.files.chores import CHORES
from instrument_share.foundation.chores import Shift
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.rules import Role, Scope
from instrument_share.identity.services import issue_token

from ..support.builders import (
    AT,
    grant,
    make_agreement,
    make_facility,
    make_institution,
    make_person,
)
from ..support.signing import sign_in
from ..support.uploads import PDF, upload

pytestmark = pytest.mark.usefixtures("present")


@pytest.fixture
def parties(session):
    """An agreement, the host's office, and a liaison and a researcher on either side."""
    facility, home = make_facility(), make_institution(country="KZ")
    agreement = make_agreement(facility.host, home)
    people = {"researcher": make_person(home)}
    for name, role, institution in (
        ("office", Role.INTERNATIONAL_OFFICE, facility.host),
        ("host", Role.LIAISON, facility.host),
        ("partner", Role.LIAISON, home),
    ):
        people[name] = make_person(institution)
        grant(people[name], role, Scope("institution", institution.id))
    session.commit()
    return agreement, people


def _memorandum(file=None) -> DocumentDraft:
    return DocumentDraft("Memorandum", DocumentKind.MEMORANDUM, "zh-Hans", file or upload())


def test_both_sides_have_the_documents_and_the_applicants_do_not(session, client, parties):
    agreement, people = parties
    home = f"/agreements/{agreement.reference}"
    sign_in(client, people["office"])
    refused = client.post(home + "/documents/new", data={"title": "Memorandum", "kind": "letter"})
    assert refused.status_code == 422
    assert 'value="Memorandum"' in refused.text
    for field in ("kind", "language"):
        assert f'href="#field-{field}"' in refused.text
    said = {"title": "Memorandum", "kind": "memorandum", "language": "ar"}
    without = client.post(home + "/documents/new", data=said)
    assert (without.status_code, "Choose the file." in without.text) == (422, True)
    sent = {**said, "file": (io.BytesIO(PDF), "signed.pdf")}
    assert client.post(home + "/documents/new", data=sent).status_code == 302
    key = session.scalar(select(AgreementDocument)).file.key
    for name, has, keeps in (
        ("office", True, True), ("host", True, False), ("partner", True, False),
        ("researcher", False, False),
    ):  # fmt: skip
        sign_in(client, people[name])
        page = client.get(home).text
        assert ("signed.pdf" in page, "Add a document" in page) == (has, keeps), name
        answers = [client.get(f"{start}{home}/documents/{key}") for start in ("", "/api/v1")]
        assert {each.status_code for each in answers} == {200 if has else 404}, name
        listed = client.get(f"/api/v1{home}/documents")
        assert listed.status_code == (200 if has else 404)
        if has:
            assert "attachment" in answers[0].headers["Content-Disposition"]
            assert listed.json["items"][0]["language"] == "ar"
    other = make_agreement(make_institution(), people["partner"].institution)
    session.commit()
    sign_in(client, people["partner"])
    beside = f"/agreements/{other.reference}"
    assert [client.get(it).status_code for it in (beside, f"{beside}/documents/{key}")] == [
        200,
        404,
    ]
    for name, refusal in (("host", Forbidden), ("partner", Forbidden), ("researcher", NotFound)):
        with pytest.raises(refusal):
            add_document(agreement.reference, _memorandum(), by=people[name], at=AT)


def test_a_removed_one_is_remembered_and_an_ended_agreement_keeps_its_own(session, client, parties):
    agreement, people = parties
    office, reference = people["office"], agreement.reference
    gone, kept = (add_document(reference, _memorandum(), by=office, at=AT) for _ in range(2))
    remove_document(reference, gone.file.key, by=office, at=AT)
    with pytest.raises(NotFound):
        remove_document(reference, gone.file.key, by=office, at=AT)
    end_agreement(reference, by=office, at=AT)
    with pytest.raises(WrongAgreementState):
        remove_document(reference, kept.file.key, by=office, at=AT)
    with pytest.raises(InvalidInput):
        add_document(
            reference, DocumentDraft("x", DocumentKind.OTHER, "en", None), by=office, at=AT
        )
    session.commit()
    told = session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("agreement.document%"))
    )
    assert list(told) == ["agreement.document_added"] * 2 + ["agreement.document_removed"]
    with time_machine.travel(later := AT + timedelta(days=366), tick=False):
        for chore in CHORES:
            chore.run(Shift("test", lambda: later))
        sign_in(client, people["partner"])
        assert client.get(f"/agreements/{reference}/documents/{gone.file.key}").status_code == 404
        assert client.get(f"/agreements/{reference}/documents/{kept.file.key}").data == PDF


def test_the_api_adds_once_and_removes(client, parties):
    agreement, people = parties
    headers = {
        "Authorization": f"Bearer {issue_token(people['office'], 'x', at=AT)[0]}",
        "Idempotency-Key": "one",
    }
    address = f"/api/v1/agreements/{agreement.reference}/documents"

    def send():
        said = {"title": "Annex 2", "kind": "annex", "language": "mul"}
        sent = {**said, "file": (io.BytesIO(PDF), "annex.pdf")}
        return client.post(address, data=sent, headers=headers)

    first, again = send(), send()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert client.get(address, headers=headers).json["total"] == 1
    wrong = client.post(
        address, data={"title": "x", "kind": "?", "language": "xx"}, headers=headers
    )
    assert (wrong.status_code, sorted(wrong.json["errors"])) == (422, ["kind", "language"])
    assert client.delete(first.json["url"], headers=headers).status_code == 204
    assert client.get(address, headers=headers).json["total"] == 0
