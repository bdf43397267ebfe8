"""Joining and leaving, as people do it on the pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from instrument_share import create_app
from instrument_share.identity.models import AuditEntry, Person
from instrument_share.identity.passwords import hash_password
from instrument_share.identity.rules import Role, Scope
from instrument_share.notification.models import Message
from instrument_share.settings import Settings
from tests.support.builders import grant, make_institution, make_person
from tests.support.databases import release
from tests.support.signing import sign_in

PASSWORD = "correct horse battery"


def form(**values):
    return {
        "display_name": "أمينة 👩‍🔬",
        "email": "amina@kaznu.example",
        "password": PASSWORD,
        "language": "ar",
        "time_zone": "Asia/Almaty",
        "institution": "",
        "orcid": "",
    } | values


def secret_of(session, person):
    message = session.scalar(select(Message).where(Message.person_id == person.id))
    return message.facts["secret"]


def person_called(session, email):
    return session.scalar(select(Person).where(Person.email == email))


@pytest.mark.parametrize("named", [True, False])
def test_from_sign_up_to_a_first_page(client, session, named):
    """Whoever names no institution belongs to the one that gave out the mailbox."""
    home = make_institution(mail_domains=["kaznu.example"])
    said = form(institution=home.slug if named else "")
    assert client.post("/sign-up", data=said).status_code == 200
    person = person_called(session, "amina@kaznu.example")
    assert (person.display_name, person.verification) == ("أمينة 👩‍🔬", "unverified")
    assert (
        client.post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code
        == 403
    )
    secret = secret_of(session, person)
    assert client.get(f"/verify-mail/{secret}").status_code == 200
    assert person_called(session, person.email).mail_verified_at is None
    assert client.post(f"/verify-mail/{secret}").status_code == 302
    known = person_called(session, person.email)
    assert (known.verification, known.institution) == ("vouched", home)
    page = client.get("/account")
    assert page.status_code == 200
    assert 'lang="ar" dir="rtl"' in page.text
    assert client.post(f"/verify-mail/{secret}").status_code == 410


def test_another_mail_domain_waits_for_the_liaison(client, session):
    home = make_institution(mail_domains=["kaznu.example"])
    typed = form(email="a@elsewhere.example", institution=home.slug, time_zone="")
    client.post("/sign-up", data=typed)
    person = person_called(session, "a@elsewhere.example")
    assert person.time_zone == home.time_zone, "nothing chosen is the institution's"
    client.post(f"/verify-mail/{secret_of(session, person)}")
    assert person_called(session, person.email).verification == "unverified"


def alike(page):
    """The page without what was typed and without what every answer has of its own: ids and form tokens."""
    page = re.sub(r'name="csrf_token"[^>]*', "", page)
    return re.sub(r"\w+@example\.org|[0-9a-f-]{32,}", "", page)


def test_an_orcid_that_is_taken_does_not_tell_which_addresses_have_an_account(client, session):
    taken = "0000-0002-1825-0097"
    make_person(email="known@example.org")
    make_person(orcid=taken)
    answers = [
        client.post("/sign-up", data=form(email=f"{name}@example.org", orcid=taken))
        for name in ("known", "unknown")
    ]
    assert [each.status_code for each in answers] == [409, 409]
    assert alike(answers[0].text) == alike(answers[1].text)


def test_signing_up_tells_nothing_about_who_has_an_account(client, session):
    make_person(email="known@example.org", password_hash=hash_password(PASSWORD))
    unknown = client.post("/sign-up", data=form(email="unknown@example.org"))
    known = client.post("/sign-up", data=form(email="known@example.org"))
    assert known.status_code == unknown.status_code == 200
    assert alike(known.text) == alike(unknown.text)
    assert person_called(session, "known@example.org").display_name != "أمينة 👩‍🔬"


def test_a_wrong_password_and_an_unknown_address_look_alike(client, session):
    make_person(email="known@example.org", password_hash=hash_password(PASSWORD))
    wrong = client.post("/sign-in", data={"email": "known@example.org", "password": "x"})
    unknown = client.post("/sign-in", data={"email": "nobody@example.org", "password": "x"})
    assert wrong.status_code == unknown.status_code == 401
    assert alike(wrong.text) == alike(unknown.text)
    kept = session.execute(select(AuditEntry.action, AuditEntry.actor_id)).all()
    own = session.scalar(select(Person.id))
    assert kept == [("sign_in.refused", own), ("sign_in.refused", None)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("orcid", "0000-0002-1825-0098"),
        ("email", "no address"),
        ("display_name", "Amina\r\nBcc: all@example.org"),
        ("password", "short"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),  # and no institution whose zone it could be
        ("institution", "atlantis"),
        ("language", "tlh"),
    ],
)
def test_what_is_wrong_is_told_at_the_field_and_nothing_typed_is_lost(
    client, session, field, value
):
    answer = client.post("/sign-up", data=form(**{field: value}))
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert "أمينة" in answer.text or field == "display_name"
    assert PASSWORD not in answer.text
    assert session.scalar(select(Person.id)) is None


def test_the_session_is_renewed_at_sign_in_and_ends_with_the_password(client, app, session):
    make_person(email="a@example.org", password_hash=hash_password(PASSWORD))
    client.get("/?lang=zh-Hans")
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    client.post("/sign-in", data={"email": "A@example.org ", "password": PASSWORD})
    with client.session_transaction() as after:
        assert "planted" not in after
        assert after["lang"] == "zh-Hans"
    other = app.test_client()
    other.post("/sign-in", data={"email": "a@example.org", "password": PASSWORD})
    changed = {"present": PASSWORD, "wanted": "another long password", "others_out": "1"}
    assert client.post("/account/password", data=changed).status_code == 302
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/bookings", "/bookings"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
    ],
)
def test_only_pages_of_this_site_are_returned_to(client, session, target, goes_to):
    make_person(email="a@example.org", password_hash=hash_password(PASSWORD))
    answer = client.post(
        "/sign-in", data={"email": "a@example.org", "password": PASSWORD, "next": target}
    )
    assert answer.location == goes_to


def test_a_form_without_its_token_is_refused(app, client, session):
    app.config["WTF_CSRF_ENABLED"] = True
    make_person(email="a@example.org", password_hash=hash_password(PASSWORD))
    answer = client.post("/sign-in", data={"email": "a@example.org", "password": PASSWORD})
    assert answer.status_code == 400
    with client.session_transaction() as cookie:
        assert "_user_id" not in cookie


def test_guessing_is_slowed_down(environ, database):
    app = create_app(Settings.from_environment(environ | {"INSTRUMENT_SHARE_RATE_LIMITS": "on"}))
    app.config.update(WTF_CSRF_ENABLED=False)
    client = app.test_client()
    answers = [client.post("/sign-in", data={}).status_code for _ in range(31)]
    assert answers[-1] == 429
    with app.app_context():
        release(app)


def test_a_liaison_vouches_only_for_their_own_people(client, session):
    home, elsewhere = make_institution(), make_institution()
    liaison = make_person(home)
    grant(liaison, Role.LIAISON, Scope("institution", home.id))
    own = make_person(home, verification="unverified")
    other = make_person(elsewhere, verification="unverified")
    sign_in(client, liaison)
    page = client.get("/manage/people").text
    assert own.email in page
    assert other.email not in page
    found = client.get("/manage/people", query_string={"q": own.email.upper()}).text
    assert own.email in found
    assert liaison.email not in found
    assert "Nobody is called so" in client.get(f"/manage/people?q={other.email}").text
    assert client.post(f"/manage/people/{own.id}/vouch").status_code == 302
    assert client.post(f"/manage/people/{other.id}/vouch").status_code == 404
    assert client.post(f"/manage/people/{own.id}/suspend").status_code == 403
    assert client.get("/manage/audit").status_code == 403
    session.expire_all()
    assert (own.verification, other.verification) == ("vouched", "unverified")
