"""Signing in through a real provider on this machine: the ways in, and everything that must not be one."""

from __future__ import annotations

import dataclasses
import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from joserfc.jwk import RSAKey
from pyotp import TOTP
from sqlalchemy import func, select

from instrument_share.cli.check import _sign_in
from instrument_share.foundation.clock import now
from instrument_share.identity.invitations.links import address_of
from instrument_share.identity.invitations.rules import Guest
from instrument_share.identity.invitations.services import invite_all
from instrument_share.identity.models import AuditEntry, Person
from instrument_share.identity.openid.attempts import forget_attempts
from instrument_share.identity.openid.doctor import what_ails
from instrument_share.identity.openid.models import OpenidAttempt, OpenidIdentity
from instrument_share.identity.passwords import hash_password, password_fits
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from instrument_share.identity.second_factor.services import set_up
from instrument_share.identity.services import suspend
from instrument_share.notification.models import Message
from tests.support.builders import grant, make_institution, make_person
from tests.support.marks import sqlite_only
from tests.support.provider import running
from tests.support.signing import sign_in

PASSWORD = "correct horse battery"
MAIL = "aigerim@uni.example"
ALICE = {"email": MAIL, "email_verified": True, "name": "Aigerim S."}
FORM = {"display_name": "Айгерим", "language": "en", "time_zone": "Asia/Almaty", "agreed": "1"}


@pytest.fixture(scope="module")
def shared_provider():
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider's own check of its address
        with running() as provider:
            yield provider


@pytest.fixture
def provider(shared_provider):
    shared_provider.meddle = shared_provider.key = None
    shared_provider.asked.clear()
    shared_provider.knows("alice", **ALICE)
    return shared_provider


@pytest.fixture
def environ(environ, provider):
    return environ | provider.settings


def depart(client, path="/sign-in/with/campus", **form):
    """Where the provider's page is, by the page that leads there."""
    page = client.post(path, data=form)
    assert page.status_code == 200, page.text[:500]
    return html.unescape(re.search(r'content="0; url=([^"]+)"', page.text)[1])


def come_back(client, provider, path="/sign-in/with/campus", subject="alice", **form):
    """There and back; the answer of our site."""
    return client.get(provider.authorize(depart(client, path, **form), subject))


def actions(session):
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def reasons(session):
    """Why sign-ins came to nothing, by the trail."""
    query = select(AuditEntry).where(AuditEntry.action == "openid.refused")
    return [each.details["why"] for each in session.scalars(query.order_by(AuditEntry.sequence))]


def known(session, provider, person):
    """The provider's alice is this person."""
    identity = OpenidIdentity(
        issuer=provider.url, subject="alice", person=person, email=MAIL, linked_at=now()
    )
    session.add(identity)
    session.commit()
    return identity


def kinds_told(session):
    return list(session.scalars(select(Message.kind).order_by(Message.id)))


def is_let_in(client):
    return client.get("/account").status_code == 200


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
    secret = address_of(made.id, made.email).rpartition("/")[2]
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


@sqlite_only
def test_a_suspended_person_is_refused_in_the_words_of_a_password(client, session, provider):
    person = make_person(email=MAIL, password_hash=hash_password(PASSWORD))
    known(session, provider, person)
    admin = make_person()
    grant(admin, Role.ADMINISTRATOR, PROGRAMME)
    suspend(person.id, by=admin, at=now())
    session.commit()
    answer = come_back(client, provider)
    by_password = client.post("/sign-in", data={"email": MAIL, "password": PASSWORD})
    sentence = "This account is suspended. Write to the administrator of this site to learn why."
    assert sentence in answer.text
    assert sentence in by_password.text
    assert answer.status_code == by_password.status_code == 403
    assert not is_let_in(client)
    assert actions(session).count("sign_in.suspended") == 2


@sqlite_only
def test_a_second_factor_is_still_asked_for(client, session, provider):
    person = make_person(email=MAIL)
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    set_up(person, secret, TOTP(secret).at(now() - timedelta(seconds=30)), at=now())
    known(session, provider, person)
    answer = come_back(client, provider)
    assert answer.location.startswith("/sign-in/code")
    assert not is_let_in(client)
    answer = client.post(answer.location, data={"otp": TOTP(secret).at(now())})
    assert answer.status_code == 302
    assert is_let_in(client)
    assert actions(session)[-2:] == ["sign_in.openid", "sign_in"]


STRANGE = {
    "nonce": (lambda claims: claims | {"nonce": "another"}, "nonce"),
    "no nonce": (lambda claims: {k: v for k, v in claims.items() if k != "nonce"}, "nonce"),
    "issuer": (lambda claims: claims | {"iss": "https://evil.example"}, "iss"),
    "audience": (lambda claims: claims | {"aud": "another"}, "aud"),
    "two audiences": (lambda claims: claims | {"aud": ["share", "another"]}, "azp"),
    "another's": (lambda claims: claims | {"azp": "another"}, "azp"),
    "expired": (lambda claims: claims | {"exp": claims["iat"] - 61, "iat": 0}, "expired"),
    "from tomorrow": (lambda claims: claims | {"iat": claims["iat"] + 86400}, "iat"),
    "endless": (lambda claims: {k: v for k, v in claims.items() if k != "exp"}, "exp"),
    "no subject": (lambda claims: claims | {"sub": ""}, "sub"),
    "strange subject": (lambda claims: claims | {"sub": ["alice"]}, "sub"),
}


@sqlite_only
def test_a_token_that_does_not_prove_it_lets_nobody_in(client, session, provider):
    known(session, provider, make_person(email=MAIL))
    for what, (meddle, why) in STRANGE.items():
        provider.meddle = meddle
        answer = come_back(client, provider)
        assert answer.status_code == 403, what
        assert "could not be verified" in answer.text
        assert not is_let_in(client), what
        assert why in reasons(session)[-1], what
    provider.meddle = lambda claims: claims | {"iat": claims["iat"] + 50}  # a clock is off a little
    come_back(client, provider)
    assert is_let_in(client)


@sqlite_only
def test_a_signature_of_another_key_is_worth_nothing(client, session, provider):
    known(session, provider, make_person(email=MAIL))
    provider.meddle, provider.key = dict, RSAKey.generate_key(2048)
    assert come_back(client, provider).status_code == 403
    assert "signature" in reasons(session)[-1]
    assert not is_let_in(client)


def test_a_state_is_used_once_in_its_own_browser_and_soon(app, session, provider):
    known(session, provider, make_person(email=MAIL))
    mine, other = app.test_client(), app.test_client()
    back = provider.authorize(depart(mine), "alice")
    depart(other)
    state = parse_qs(urlsplit(back).query)["state"][0]
    kept = " ".join(map(str, session.execute(select(OpenidAttempt.__table__)).all()))
    assert state not in kept
    assert other.get(back).status_code == 410
    assert mine.get(back).status_code == 410  # it turned up elsewhere: void
    back = provider.authorize(depart(mine), "alice")
    assert mine.get(back).status_code == 302
    mine.post("/sign-out")
    assert mine.get(back).status_code == 410
    assert mine.get("/sign-in/with/campus/back?state=guessed&code=1").status_code == 410
    back = provider.authorize(depart(mine), "alice")
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert mine.get(back).status_code == 410
    assert not is_let_in(mine)
    assert reasons(session) == ["other browser", "replayed", "replayed", "unknown", "expired"]


@sqlite_only
def test_a_provider_that_refuses_or_answers_for_another(client, session, provider):
    known(session, provider, make_person(email=MAIL))
    back = provider.deny(depart(client))
    if "state=" not in back:  # RFC 6749 section 4.1.2.1 asks for it; this provider forgets it
        state = parse_qs(urlsplit(depart(client)).query)["state"][0]
        back = f"{back}&state={state}"
    answer = client.get(back)
    assert answer.status_code == 403
    assert "did not confirm" in answer.text
    back = provider.authorize(depart(client), "alice")
    assert client.get(f"{back}&iss=https://evil.example").status_code == 403
    assert not is_let_in(client)
    assert client.post("/sign-in/with/nobody").status_code == 404
    assert client.get("/sign-in/with/nobody/back").status_code == 404


@sqlite_only
def test_a_provider_that_is_down(app, client, session):
    (provider,) = app.config["SETTINGS"].oidc_providers
    offer(app, dataclasses.replace(provider, issuer="http://127.0.0.1:9"))
    answer = client.post("/sign-in/with/campus")
    assert answer.status_code == 502
    assert "does not answer just now" in answer.text
    assert session.scalar(select(OpenidAttempt.id)) is None


@sqlite_only
def test_the_doctor_tells_what_does_not_fit(app, provider):
    settings = app.config["SETTINGS"]
    (ours,) = settings.oidc_providers
    told = {finding.what: finding for finding in _sign_in(settings)}
    assert told["sign-in with Campus"].well
    assert told["sign-in with Campus"].told.endswith(
        "http://127.0.0.1:8000/sign-in/with/campus/back"
    )
    misspelt = dataclasses.replace(ours, issuer=f"{ours.issuer}/")
    assert "issuer" in what_ails(misspelt, settings.outside_addresses)
    assert "does not answer" in what_ails(ours, ())  # this machine is not allowed


def test_what_was_told_of_who_went_away_is_forgotten(client, session, provider):
    come_back(client, provider)
    assert MAIL in str(session.scalar(select(OpenidAttempt.claims)))
    forget_attempts(at=now() + timedelta(minutes=29))
    assert client.get("/sign-in/new-account").status_code == 200
    forget_attempts(at=now() + timedelta(minutes=31))
    session.commit()
    session.expire_all()
    assert session.scalar(select(OpenidAttempt.claims)) is None
    assert client.get("/sign-in/new-account").status_code == 410
    assert forget_attempts(at=now() + timedelta(days=3)) == 1


@sqlite_only
def test_buttons_stand_where_a_provider_is_and_nowhere_else(app, client, session):
    assert "Continue with Campus" in client.get("/sign-in?next=/bookings").text
    assert "Continue with Campus" in client.get("/sign-up").text
    offer(app)
    assert "Continue with" not in client.get("/sign-in").text + client.get("/sign-up").text
    sign_in(client, make_person())
    assert "Ways to sign in" not in client.get("/account").text


def offer(app, *providers):
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(settings, oidc_providers=providers)
