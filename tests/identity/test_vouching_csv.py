"""A list of people: every bad cell is named, nothing is written before it is confirmed, and once is enough."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from instrument_share.foundation.errors import InvalidInput, NotFound
from instrument_share.identity.invitations.models import Invitation
from instrument_share.identity.models import Person
from instrument_share.identity.rules import Role, Scope
from instrument_share.identity.services import vouch
from instrument_share.identity.vouching.errors import FaultyList, HoldsOffice, NotYourSuspension
from instrument_share.identity.vouching.reading import MOST_BYTES, MOST_ROWS, decoded, read_list
from instrument_share.identity.vouching.services import vouch_for_all
from instrument_share.identity.vouching.standing import (
    reinstate_colleague,
    suspend_colleague,
    withdraw_vouching,
)
from instrument_share.identity.vouching.values import Deed
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from tests.support.builders import AT, grant, make_institution, make_person
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

LIST = "email,name,language\r\nnew@steppe.example,=cmd,ar\r\nheld@steppe.example,Held,\r\n"


@pytest.fixture
def liaison(session):
    person = make_person(make_institution())
    grant(person, Role.LIAISON, Scope("institution", person.institution_id))
    return person


@pytest.fixture
def held(session, liaison) -> Person:
    return make_person(liaison.institution, email="held@steppe.example", verification="unverified")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig"])
def test_every_spreadsheet_program_is_read(app, separator, mark):
    text = 'Name,EMAIL\n\n"Omar, the ""elder""",Omar@steppe.example\n'.replace(",", separator)
    text = text.replace(f"Omar{separator} the", "Omar, the")
    with app.app_context():
        (line,) = read_list(decoded(text.encode(mark))).lines
    assert (line.row, line.guest.email, line.guest.name) == (
        3, "omar@steppe.example", 'Omar, the "elder"',
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_every_bad_cell_is_named_by_row_and_column(app, language):
    text = (
        "email,name,language\na@b.example,A,en\n"
        "no address,B,xx\n"  # two bad cells
        f"c@b.example,{'x' * 201},en\na@b.example,A again,en\n,D,en\ne@b.example,E,en,more\n"
    )
    with app.test_request_context(f"/?lang={language}"):
        reading = read_list(text)
        assert [(fault.row, fault.column) for fault in reading.faults] == [
            (3, "email"), (3, "language"), (4, "name"), (5, "email"), (6, "email"), (7, ""),
        ]  # fmt: skip
        assert all(str(fault.message) for fault in reading.faults)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", (0, "")),
        ("email\n", (0, "")),
        ("name\nOmar\n", (1, "email")),
        ("email,phone\na@b.example,1\n", (1, "phone")),
        ("email,email\na@b.example,a@b.example\n", (1, "email")),
        ('email\n"a@b.example\n', (0, "")),
        ("email\n" + "a@b.example\n" * (MOST_ROWS + 1), (MOST_ROWS + 2, "")),
    ],
)
def test_lists_that_cannot_be(app, text, where):
    with app.app_context():
        (fault,) = read_list(text).faults
    assert (fault.row, fault.column) == where


@pytest.mark.parametrize(
    "content", [b"\xff\xfee\x00", b"\xd3\xee", b"a\0", b"x" * (MOST_BYTES + 1)]
)
def test_files_that_are_no_list(content):
    with pytest.raises(InvalidInput):
        decoded(content)


def test_from_the_file_over_the_dry_run_to_the_people(client, session, liaison, held):
    def written() -> tuple[int, str]:
        session.expire_all()
        return session.scalar(select(func.count(Invitation.id))), held.verification

    sign_in(client, liaison)
    bad = client.post("/manage/people/list", data={"text": LIST + "nobody,x,en\n"})
    assert (bad.status_code, "nobody,x,en" in bad.text) == (422, True)
    file = (io.BytesIO(LIST.encode("utf-8-sig")), "people.csv")
    shown = client.post("/manage/people/list", data={"people": file})
    assert shown.status_code == 200
    assert "They get an invitation" in shown.text
    assert written() == (0, "unverified")
    for _ in range(2):
        assert client.post("/manage/people/list/confirm", data={"text": LIST}).status_code == 302
        assert written() == (1, "vouched")
    held.display_name = '=HYPERLINK("https://evil.example")'
    session.commit()
    kept = client.get("/manage/people/list.csv").text
    assert "'=HYPERLINK" in kept
    assert client.post("/manage/people/list", data={"text": kept}).status_code == 200


def test_a_list_is_taken_whole_or_not_at_all(session, liaison, held):
    with pytest.raises(FaultyList):
        vouch_for_all(LIST + "nobody,x,en\n", liaison.institution, by=liaison, at=AT)
    assert session.scalar(select(func.count(Invitation.id))) == 0
    with pytest.raises(NotFound):
        vouch_for_all(LIST, make_institution(), by=liaison, at=AT)


def test_the_number_of_statements_to_plan_does_not_grow(client, session, liaison, count_queries):
    sign_in(client, liaison)
    counts = []
    for many in (1, 40):
        text = "email\n" + "".join(f"p{number}@steppe.example\n" for number in range(many))
        with count_queries() as queries:
            client.post("/manage/people/list", data={"text": text})
        counts.append(queries.count)
    assert counts[0] == counts[1]


def test_people_of_elsewhere_are_invited_and_nothing_is_told_of_them(session, liaison):
    elsewhere = make_person(make_institution(), email="new@steppe.example", suspended_at=AT)
    planned = vouch_for_all(LIST.partition("held")[0], liaison.institution, by=liaison, at=AT)
    assert [each.deed for each in planned] == [Deed.INVITE]
    assert elsewhere.institution != liaison.institution


def test_a_liaison_takes_back_their_word(client, session, liaison):
    colleague = make_person(liaison.institution)
    grant(colleague, Role.RESEARCHER, Scope("institution", liaison.institution_id))
    sign_in(client, liaison)
    path = f"/manage/people/{colleague.id}/standing/withdraw"
    assert client.get(path).status_code == 200
    assert 'href="#field-reason"' in client.post(path, data={"reason": " "}).text
    assert client.post(path, data={"reason": "Left us in May."}).status_code == 302
    session.expire_all()
    assert (colleague.verification, colleague.grants) == ("unverified", [])
    vouch(colleague.id, by=liaison, at=AT)
    lost, given = map(compose, session.scalars(select(Message).order_by(Message.id)))
    assert lost["Subject"] == f"{liaison.institution.names['en']} no longer vouches for you"
    assert "Left us in May." in lost.get_body(("plain",)).get_content()
    assert "/account/vouching" in lost.get_body(("plain",)).get_content()
    assert given["Subject"] == f"{liaison.institution.names['en']} vouches for you"


def test_whom_a_liaison_suspends(session, liaison):
    colleague, stranger = make_person(liaison.institution), make_person(make_institution())
    officer = make_person(liaison.institution)
    grant(officer, Role.ADMINISTRATOR, Scope("programme"))
    suspend_colleague(colleague.id, "Left.", by=liaison, at=AT)
    session.commit()  # writes the audit trail
    assert not colleague.is_active
    other = make_person(liaison.institution)
    grant(other, Role.LIAISON, Scope("institution", liaison.institution_id))
    with pytest.raises(NotYourSuspension):
        reinstate_colleague(colleague.id, by=other, at=AT)
    assert reinstate_colleague(colleague.id, by=liaison, at=AT).is_active
    with pytest.raises(HoldsOffice):
        suspend_colleague(officer.id, "x", by=liaison, at=AT)
    for person in (stranger, liaison):
        for act in (suspend_colleague, withdraw_vouching):
            with pytest.raises(NotFound):
                act(person.id, "x", by=liaison, at=AT)
