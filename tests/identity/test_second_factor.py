"""The second factor: set up, asked for, required, and not to be guessed or used twice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from pyotp import TOTP
from sqlalchemy import select

from instrument_share.cli.identity import reset_second_factor
from instrument_share.identity.models import AuditEntry, RoleGrant
from instrument_share.identity.passwords import hash_password
from instrument_share.identity.rules import Role
from instrument_share.identity.second_factor.models import RecoveryCode, SecondFactor
from instrument_share.identity.second_factor.rules import (
    MOST_WRONG,
    PAUSE,
    fitting_step,
    plain_recovery_code,
)
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from tests.support.builders import AT, make_person
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

PASSWORD = "correct horse battery"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238 appendix B
STEP = timedelta(seconds=30)


@pytest.fixture
def person(session):
    return make_person(email="a@example.org", password_hash=hash_password(PASSWORD))


def enrolled(client, person):
    """Set up through the pages; the secret and the recovery codes."""
    sign_in(client, person)
    page = client.get("/account/second-factor").text
    secret = re.search(r'class="copy__value"[^>]*>([A-Z2-7]{32})<', page)[1]
    drawn = client.get("/account/second-factor/qr.svg")
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    otp = TOTP(secret).at(AT)
    stranger = client.post("/account/second-factor", data={"otp": otp, "password": "guessed it"})
    assert stranger.status_code == 422
    answer = client.post("/account/second-factor", data={"otp": otp, "password": PASSWORD})
    codes = re.findall(r"<code>([0-9A-Z-]{19})</code>", answer.text)
    assert len(set(codes)) == 10
    client.post("/sign-out")
    return secret, codes


def test_a_draft_that_is_left_in_a_browser_replaces_nothing(client, session, person):
    """Who had a hand on the device before it was set up knows the secret of the draft in its cookie."""
    sign_in(client, person)
    page = client.get("/account/second-factor").text
    known = re.search(r'class="copy__value"[^>]*>([A-Z2-7]{32})<', page)[1]
    with client.session_transaction() as cookie:
        before = dict(cookie)
    given = {"otp": TOTP(known).at(AT), "password": PASSWORD}
    client.post("/account/second-factor", data=given)
    own = session.get(SecondFactor, person.id).sealed_secret
    with client.session_transaction() as cookie:
        cookie.update(before)
    given["otp"] = TOTP(known).at(AT + STEP)
    answer = client.post("/account/second-factor", data=given)
    assert answer.status_code == 409
    session.expire_all()
    assert session.get(SecondFactor, person.id).sealed_secret == own


def enter(client, code, **first):
    answer = client.post("/sign-in", data={"email": "a@example.org", "password": PASSWORD} | first)
    assert "/sign-in/code" in answer.location
    assert client.get("/account").status_code == 302
    return client.post("/sign-in/code", data={"otp": code})


def test_codes_fit_as_in_the_standard_and_only_once():
    at = AT.fromtimestamp(1111111109, AT.tzinfo)
    step = fitting_step(SECRET, "081 804", at, after=0)
    assert step == 1111111109 // 30
    assert fitting_step(SECRET, "081804", at, after=step) is None
    assert fitting_step(SECRET, "081804", at + STEP, after=0) == step
    assert fitting_step(SECRET, "081804", at + 2 * STEP, after=0) is None
    assert fitting_step(SECRET, "٠٨١٨٠٤", at, after=0) is None
    assert plain_recovery_code(" abcd-o1il-0000-zzzz ") == "ABCD01110000ZZZZ"


def test_from_setting_up_to_signing_in(client, session, person):
    secret, codes = enrolled(client, person)
    assert enter(client, TOTP(secret).at(AT)).status_code == 422  # used when it was set up
    with time_machine.travel(AT + STEP, tick=False):
        code = TOTP(secret).at(AT + STEP)
        assert enter(client, code).status_code == 302
        assert client.get("/account").status_code == 200
        client.post("/sign-out")
        assert enter(client, code).status_code == 422
    assert enter(client, codes[0].lower()).status_code == 302
    client.post("/sign-out")
    assert enter(client, codes[0]).status_code == 422
    stored = [row.sealed_secret for row in session.scalars(select(SecondFactor))]
    stored += [row.digest for row in session.scalars(select(RecoveryCode))]
    assert len(stored) == 10
    assert not {secret, *codes, *map(plain_recovery_code, codes)} & set(stored)
    told = set(session.scalars(select(AuditEntry.action)))
    assert {"second_factor.set_up", "second_factor.wrong", "second_factor.recovery_code"} <= told


def test_whoever_runs_the_site_resets_it(app, client, session, person):
    enrolled(client, person)
    sign_in(client, person)

    def reset(email: str):
        done = app.test_cli_runner().invoke(reset_second_factor, ["--email", email])
        session.expire_all()
        return done.exit_code, done.output

    assert reset("nobody@example.org") == (1, "Error: Nobody has an account with this address.\n")
    assert reset("A@example.org ")[0] == 0
    assert reset("a@example.org") == (1, "Error: This account has no second factor.\n")
    assert client.get("/account").status_code == 302  # signed out
    entry = session.scalars(select(AuditEntry).filter_by(action="second_factor.reset")).one()
    assert (entry.actor_id, entry.subject_id) == (None, str(person.id))
    assert (
        compose(session.scalars(select(Message)).one())["Subject"] == "Your second factor was reset"
    )
    first = {"email": "a@example.org", "password": PASSWORD}
    assert "/sign-in/code" not in client.post("/sign-in", data=first).location


def test_guessing_is_stopped_for_the_account_and_not_for_ever(client, person):
    secret, codes = enrolled(client, person)
    for _ in range(MOST_WRONG):
        assert enter(client, "000000").status_code == 422
    assert enter(client, codes[0]).status_code == 429
    with time_machine.travel(AT + PAUSE, tick=False):
        assert enter(client, TOTP(secret).at(AT + PAUSE)).status_code == 302


def test_the_code_alone_or_too_late_opens_nothing(client, person):
    _, codes = enrolled(client, person)
    assert "/sign-in" in client.post("/sign-in/code", data={"otp": codes[0]}).location
    client.post("/sign-in", data={"email": "a@example.org", "password": PASSWORD})
    with time_machine.travel(AT + timedelta(minutes=11), tick=False):
        assert "/sign-in" in client.post("/sign-in/code", data={"otp": codes[0]}).location
        assert client.get("/account").status_code == 302


def test_a_token_asks_for_the_code_too(client, person):
    _, codes = enrolled(client, person)
    asked = {"email": "a@example.org", "password": PASSWORD, "label": "x"}
    refused = client.post("/api/v1/tokens", json=asked)
    assert (refused.status_code, refused.json["code"]) == (422, "otp_required")
    wrong = client.post("/api/v1/tokens", json=asked | {"otp": "000000"})
    assert (wrong.status_code, wrong.json["code"]) == (422, "otp_wrong")
    assert client.post("/api/v1/tokens", json=asked | {"otp": codes[0]}).status_code == 201
    enter(client, codes[1])
    assert client.post("/account/tokens", data={"label": "x"}).status_code == 422
    page = client.post("/account/tokens", data={"label": "x", "otp": codes[2]})
    assert page.status_code == 200


def test_recovery_codes_are_renewed_and_the_factor_is_turned_off(client, session, person):
    _, codes = enrolled(client, person)
    enter(client, codes[0])
    assert client.post("/account/second-factor/off", data={"otp": "1"}).status_code == 422
    renewed = client.post("/account/second-factor/recovery-codes", data={"otp": codes[1]}).text
    fresh = re.findall(r"<code>([0-9A-Z-]{19})</code>", renewed)
    assert len(fresh) == 10
    assert client.post("/account/second-factor/off", data={"otp": codes[2]}).status_code == 422
    assert client.post("/account/second-factor/off", data={"otp": fresh[0]}).status_code == 302
    session.expire_all()
    assert person.second_factor_at is None


def test_a_password_that_was_chosen_by_mail_is_asked_for_the_code_all_the_same(
    client, session, person
):
    enrolled(client, person)
    client.post("/forgotten-password", data={"email": "a@example.org"})
    (secret,) = (it.facts["secret"] for it in session.scalars(select(Message)) if it.facts)
    wanted = {"wanted": "another long password"}
    assert client.post(f"/forgotten-password/{secret}", data=wanted).status_code == 302
    first = {"email": "a@example.org", "password": wanted["wanted"]}
    assert client.post("/sign-in", data=first).location.startswith("/sign-in/code")
    assert client.get("/account").status_code == 302


def test_an_administrator_sets_it_up_before_anything_else(client, session, person):
    session.add(
        RoleGrant(person=person, role=Role.ADMINISTRATOR, scope_kind="programme", granted_at=AT)
    )
    asked = {"email": "a@example.org", "password": PASSWORD}
    due = client.post("/api/v1/tokens", json=asked)
    assert (due.status_code, due.json["code"]) == (403, "second_factor_due")
    sign_in(client, person)
    for address in ("/manage/people", "/account", "/"):
        assert client.get(address).location == "/account/second-factor"
    assert client.get("/api/v1/account").json["code"] == "second_factor_due"
    assert "Needed for your role" in client.get("/account/second-factor").text
    _, codes = enrolled(client, person)
    enter(client, codes[0])
    assert client.get("/manage/people").status_code == 200
    assert client.post("/account/second-factor/off", data={"otp": codes[1]}).status_code == 409
