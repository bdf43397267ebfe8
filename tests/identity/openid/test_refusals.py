"""Signing in through a real provider on this machine: everything that must not be a way in."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import time_machine
from joserfc.jwk import RSAKey
from pyotp import TOTP
from sqlalchemy import select

from instrument_share.cli.check import _sign_in
from instrument_share.foundation.clock import now
from instrument_share.identity.openid.attempts import forget_attempts
from instrument_share.identity.openid.doctor import _lack_of_ways, what_ails
from instrument_share.identity.openid.models import OpenidAttempt
from instrument_share.identity.passwords import hash_password
from instrument_share.identity.rules import PROGRAMME, Role
from instrument_share.identity.second_factor.services import set_up
from instrument_share.identity.services import suspend
from tests.support.builders import grant, make_person
from tests.support.marks import sqlite_only
from tests.support.signing import sign_in

from .visits import MAIL, PASSWORD, actions, come_back, depart, is_let_in, known, offer, reasons


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
def test_whoever_is_recognised_in_a_weaker_way_than_is_asked_for_is_not_let_in(
    app, client, session, provider
):
    known(session, provider, make_person(email=MAIL))
    (ours,) = app.config["SETTINGS"].oidc_providers
    offer(
        app,
        dataclasses.replace(ours, acr_values=("mfa", "https://refeds.org/profile/mfa"), max_age=60),
    )
    asked = parse_qs(urlsplit(depart(client)).query)
    assert asked["acr_values"] == ["mfa https://refeds.org/profile/mfa"]
    assert asked["max_age"] == ["3600"]
    since = int(now().timestamp())
    for said, lacks in (
        ({}, "acr"),
        ({"acr": "pwd", "auth_time": since}, "acr"),
        ({"acr": ["mfa"], "auth_time": since}, "acr"),
        ({"acr": "mfa", "auth_time": None}, "auth_time"),
        ({"acr": "mfa", "auth_time": since - 3700}, "auth_time"),
        ({"acr": "mfa", "auth_time": True}, "auth_time"),
    ):
        provider.meddle = lambda claims, said=said: claims | said
        answer = come_back(client, provider)
        assert (answer.status_code, "stronger or a fresh sign-in" in answer.text) == (403, True)
        assert not is_let_in(client), said
        assert reasons(session)[-1] == lacks, said
    provider.meddle = lambda claims: claims | {"acr": "mfa", "auth_time": since - 3000}
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
    assert _lack_of_ways(["mfa"], ["pwd", "mfa"]) == _lack_of_ways(["mfa"], []) == ""
    assert _lack_of_ways(["mfa"], ["pwd", "otp"]).endswith("but by pwd, otp.")


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
    assert client.get("/sign-in/with/campus").status_code == 405  # a link alone begins nothing
    offer(app)
    assert "Continue with" not in client.get("/sign-in").text + client.get("/sign-up").text
    sign_in(client, make_person())
    assert "Ways to sign in" not in client.get("/account").text
