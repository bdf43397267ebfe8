"""Signing in through a real provider on this machine: whose account it is."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import func, select

from instrument_share.foundation.clock import now
from instrument_share.identity.invitations.links import path_of
from instrument_share.identity.invitations.rules import Guest
from instrument_share.identity.invitations.services import invite_all
from instrument_share.identity.models import Person
from instrument_share.identity.openid.models import OpenidAttempt, OpenidIdentity
from instrument_share.identity.passwords import hash_password, password_fits
from instrument_share.identity.rules import Role, Scope
from instrument_share.notification.models import Message
from tests.support.builders import grant, make_institution, make_person
from tests.support.marks import sqlite_only
from tests.support.signing import sign_in

from .visits import (
    ALICE,
    FORM,
    MAIL,
    PASSWORD,
    actions,
    come_back,
    depart,
    is_let_in,
    kinds_told,
    known,
    reasons,
)


def test_a_stranger_gets_an_account_and_is_vouched_for_by_her_domain(client, session, provider):
    uni = make_institution(mail_domains=["uni.example"])
    session.commit()
    asked = parse_qs(urlsplit(depart(client)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    answer = come_back(client, provider, next="/bookings")
    assert answer.location == "/sign-in/new-account"
    assert not is_let_in(client)
    page = client.get(answer.location).text
    assert MAIL in page
    assert f'value="{uni.slug}" selected' in page
    refused = client.post(answer.location, data={"display_name": "x"})
    assert refused.status_code == 422
    answer = client.post(
        answer.location, data=FORM | {"institution": uni.slug, "email": "boss@uni.example"}
    )
    assert answer.location == "/bookings"
    person = session.scalar(select(Person))
    assert (person.email, person.verification, person.password_hash) == (MAIL, "vouched", "")
    assert person.mail_verified_at is not None
    assert is_let_in(client)
    assert provider.asked[0]["code_verifier"]
    assert {"openid.link", "account.vouch", "sign_in"} <= set(actions(session))
    assert client.post("/sign-in/new-account", data=FORM).status_code == 410  # once
    client.post("/sign-out")
    assert come_back(client, provider).location == "/"
    assert is_let_in(client)
    assert session.scalar(select(func.count(Person.id))) == 1


def test_whoever_signed_in_through_a_provider_may_sign_out_there_too(client, session, provider):
    known(session, provider, make_person(email=MAIL, password_hash=hash_password(PASSWORD)))
    assert come_back(client, provider).location == "/"
    place = client.post("/sign-out").location
    assert place == "/sign-out/with/campus"
    assert not is_let_in(client)
    page = client.get(place).text
    url = html.unescape(re.search(rf'href="({provider.url}/[^"]+)"', page)[1])
    assert parse_qs(urlsplit(url).query)["client_id"] == ["share"]
    assert requests.get(url, timeout=5).status_code == 200
    client.post("/sign-in", data={"email": MAIL, "password": PASSWORD})
    assert client.post("/sign-out").location == "/"
    assert client.get("/sign-out/with/nobody").status_code == 404


def test_an_account_is_found_by_its_identity_and_never_by_its_address(client, session, provider):
    owner = make_person(email=MAIL, password_hash=hash_password(PASSWORD))
    session.commit()
    answer = come_back(client, provider)
    assert answer.location == "/sign-in?next=/account/sign-in-ways/waiting"
    assert not is_let_in(client)
    assert session.scalar(select(OpenidIdentity.id)) is None
    assert "as you did before" in client.get(answer.location).text
    answer = client.post(answer.location, data={"email": MAIL, "password": PASSWORD})
    assert answer.location == "/account/sign-in-ways/waiting"
    assert "Connect" in client.get(answer.location).text
    assert session.scalar(select(OpenidIdentity.id)) is None  # only when she says so
    client.post(answer.location)
    assert session.scalar(select(OpenidIdentity.person_id)) == owner.id
    client.post("/sign-out")
    come_back(client, provider)
    assert is_let_in(client)
    assert "alice" not in str(session.scalar(select(OpenidAttempt.claims)))


@sqlite_only
def test_who_waits_is_linked_to_no_account_but_the_one_of_her_address(client, session, provider):
    make_person(email=MAIL)
    other = make_person(email="other@uni.example")
    session.commit()
    come_back(client, provider)
    sign_in(client, other)
    assert "another account" in client.get("/account/sign-in-ways/waiting").text
    assert client.post("/account/sign-in-ways/waiting").status_code == 410
    assert session.scalar(select(OpenidIdentity.id)) is None


@sqlite_only
def test_an_invitation_takes_the_identity_of_a_stranger_off_the_account(client, session, provider):
    liaison = make_person(make_institution())
    grant(liaison, Role.LIAISON, Scope("institution", liaison.institution_id))
    squatted = make_person(
        email="guest@steppe.example", mail_verified_at=None, verification="unverified"
    )
    known(session, provider, squatted).browser_digest = "0" * 64
    (made,) = invite_all([Guest(squatted.email)], liaison.institution, by=liaison, at=now())
    session.commit()
    secret = path_of(made.id, made.email).rpartition("/")[2]
    accepted = client.post(f"/join/invitation/{secret}", data=FORM | {"password": PASSWORD})
    assert accepted.location == "/account"
    client.post("/sign-out")
    assert come_back(client, provider).location == "/sign-in/new-account"
    assert not is_let_in(client)


@sqlite_only
@pytest.mark.parametrize("verified", [False, "true"])
def test_an_address_that_the_provider_did_not_verify_proves_nothing(
    client, session, provider, verified
):
    provider.knows("alice", **ALICE | {"email_verified": verified})
    uni = make_institution(mail_domains=["uni.example"])
    make_person(email=MAIL)
    session.commit()
    answer = come_back(client, provider)
    assert answer.location == "/sign-in/new-account"  # not told that the address is known
    wanted = FORM | {"institution": uni.slug, "email": MAIL}
    page = client.post(answer.location, data=wanted)
    assert "Look into your mailbox" in page.text
    assert session.scalar(select(OpenidIdentity.id)) is None
    come_back(client, provider)
    page = client.post(answer.location, data=wanted | {"email": "new@uni.example"})
    assert "Look into your mailbox" in page.text
    person = session.scalar(select(Person).where(Person.email == "new@uni.example"))
    assert (person.verification, person.mail_verified_at) == ("unverified", None)
    assert come_back(client, provider).status_code == 403  # until the mail is answered
    assert not is_let_in(client)
    client.post(_link_of_mail(session))
    assert is_let_in(client)
    session.expire_all()
    assert person.verification == "vouched"
    client.post("/sign-out")
    come_back(client, provider)
    assert is_let_in(client)


def _link_of_mail(session):
    """What stands in the mail that was written last."""
    facts = session.scalar(select(Message.facts).order_by(Message.id.desc()).limit(1))
    return f"/verify-mail/{facts['secret']}"


@sqlite_only
def test_who_wrote_down_a_mailbox_of_somebody_else_loses_the_account(app, session, provider):
    provider.knows("mallory", name="Mallory")
    mallory, victim = app.test_client(), app.test_client()
    come_back(mallory, provider, subject="mallory")
    mallory.post("/sign-in/new-account", data=FORM | {"email": "victim@uni.example"})
    answer = victim.post(_link_of_mail(session), follow_redirects=True)
    assert "set a password" in answer.text
    assert is_let_in(victim)
    assert session.scalar(select(OpenidIdentity.id)) is None
    assert come_back(mallory, provider, subject="mallory").location == "/sign-in/new-account"
    assert not is_let_in(mallory)


def test_linking_from_the_account_and_taking_it_back(client, session, provider):
    person = make_person(email="me@x.example", password_hash=hash_password(PASSWORD))
    other = make_person()
    session.commit()
    sign_in(client, person)
    path = "/account/sign-in-ways/campus/link"
    assert come_back(client, provider).status_code == 409  # signed in, but did not ask to link
    assert come_back(client, provider, path).location == "/account#ways"
    assert come_back(client, provider, path).location == "/account#ways"  # again changes nothing
    identity = session.scalar(select(OpenidIdentity))
    assert identity.person_id == person.id
    page = client.get("/account").text
    assert "Disconnect Campus" in page
    sign_in(client, other)
    assert come_back(client, provider, path).status_code == 409  # it is somebody else's
    assert client.post(f"/account/sign-in-ways/{identity.id}/unlink").status_code == 404
    begun = depart(client, path)
    sign_in(client, person)  # somebody else at the same browser meanwhile
    back = provider.authorize(begun, "bob")
    assert client.get(back).status_code == 410
    assert client.post(f"/account/sign-in-ways/{identity.id}/unlink").status_code == 302
    assert session.scalar(select(OpenidIdentity.id)) is None
    assert reasons(session) == ["not_asked_for", "taken", "other_person"]
    assert {"openid.link", "openid.unlink"} <= set(actions(session))
    assert kinds_told(session) == ["way_in_connected", "way_in_disconnected"]


@sqlite_only
def test_the_last_way_in_stays(client, session, provider):
    person = make_person(email=MAIL, password_hash="")
    identity = known(session, provider, person)
    assert not password_fits("", "")
    for password in ("", " ", PASSWORD):
        answer = client.post("/sign-in", data={"email": MAIL, "password": password})
        assert answer.status_code in (401, 422)
    come_back(client, provider)
    answer = client.post(f"/account/sign-in-ways/{identity.id}/unlink", follow_redirects=True)
    assert "This is your only way to sign in" in answer.text
    assert session.scalar(select(OpenidIdentity.id)) == identity.id
    assert "Set a password" in client.get("/account").text
    client.post("/forgotten-password", data={"email": MAIL})
    secret = session.scalar(select(Message.facts))["secret"]
    client.post(f"/forgotten-password/{secret}", data={"wanted": PASSWORD})
    client.post("/sign-in", data={"email": MAIL, "password": PASSWORD})
    client.post(f"/account/sign-in-ways/{identity.id}/unlink")
    assert session.scalar(select(OpenidIdentity.id)) is None
