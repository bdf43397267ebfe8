"""Asking one's institution for its word: one message to its liaisons, once a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.access.eligibility.vouching import ask_to_vouch, vouching_of
from instrument_share.access.errors import AskedAlready, NobodyToAsk
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.rules import Role, Scope
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message

from ..support.builders import AT, grant, make_institution, make_person
from ..support.signing import sign_in


@pytest.fixture
def person(session):
    home = make_institution()
    for _ in range(2):
        grant(make_person(home), Role.LIAISON, Scope("institution", home.id))
    return make_person(home, verification="unverified", display_name="Aigerim")


def test_the_liaisons_are_told_once_a_day(session, person):
    ask_to_vouch(by=person, at=AT)
    with pytest.raises(AskedAlready):
        ask_to_vouch(by=person, at=AT + timedelta(hours=23))
    ask_to_vouch(by=person, at=AT + timedelta(hours=24))
    session.commit()
    messages = session.query(Message).all()
    assert len(messages) == 4
    mail = compose(messages[0])
    assert "Aigerim" in mail["Subject"]
    assert "/manage/people" in mail.get_body(("plain",)).get_content()
    assert session.query(AuditEntry).filter_by(action="vouching.asked").count() == 2


def test_there_may_be_nobody_to_ask(session, person):
    for asker in (make_person(None, verification="unverified"), make_person(person.institution)):
        with pytest.raises(NobodyToAsk):
            ask_to_vouch(by=asker, at=AT)
        assert not vouching_of(asker, AT).may_ask


def test_the_page_asks_and_says_so(client, session, person):
    sign_in(client, person)
    assert "2 liaisons" in client.get("/account/vouching").text
    page = client.post("/account/vouching", follow_redirects=True).text
    assert "Your liaison is told" in page
    assert "Asked last" in page
    again = client.post("/account/vouching", follow_redirects=True).text
    assert "asked already" in again
    assert session.query(Message).count() == 2


def test_who_belongs_to_no_institution_says_to_which_once(client, session, person):
    stranger = make_person(None, verification="unverified")
    sign_in(client, stranger)
    assert "/join/institution" in client.get("/account/vouching").text
    refused = client.post("/account/institution", data={"institution": "nowhere"})
    assert (refused.status_code, "#field-institution" in refused.text) == (422, True)
    named = {"institution": person.institution.slug}
    page = client.post("/account/institution", data=named, follow_redirects=True).text
    assert "2 liaisons" in page
    session.expire_all()
    assert (stranger.institution, stranger.verification) == (person.institution, "unverified")
    other = make_institution(mail_domains=["steppe.example"])
    session.commit()
    again = client.post(
        "/account/institution", data={"institution": other.slug}, follow_redirects=True
    )
    assert "already" in again.text
    sign_in(client, make_person(None, email="a@lab.steppe.example", verification="unverified"))
    client.post("/account/institution", data={"institution": other.slug})
    assert "nothing left to ask" in client.get("/account/vouching").text
