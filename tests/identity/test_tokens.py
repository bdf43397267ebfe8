"""API tokens, and that they open nothing when they should not."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from instrument_share.identity import services
from instrument_share.identity.passwords import hash_password
from instrument_share.identity.rules import PROGRAMME, Role
from instrument_share.identity.values import TOKEN_LIFE
from tests.support.builders import AT, grant, make_institution, make_person

pytestmark = pytest.mark.usefixtures("present")

PASSWORD = "correct horse battery"


@pytest.fixture
def person(session):
    return make_person(
        make_institution(), email="a@example.org", password_hash=hash_password(PASSWORD)
    )


def ask(client, **values):
    return client.post(
        "/api/v1/tokens",
        json={"email": "a@example.org", "password": PASSWORD, "label": "test"} | values,
    )


def account(client, token):
    return client.get("/api/v1/account", headers={"Authorization": f"Bearer {token}"})


def test_a_token_opens_the_account_until_it_expires(client, person):
    answer = ask(client)
    assert answer.status_code == 201
    token = answer.json["token"]
    told = account(client, token).json
    assert (told["email"], told["time_zone"]) == ("a@example.org", "Asia/Almaty")
    assert told["calendar_url"].startswith("http")
    with time_machine.travel(AT + TOKEN_LIFE + timedelta(seconds=1), tick=False):
        assert account(client, token).status_code == 401


def test_what_is_stored_is_not_the_token(client, person, session):
    token = ask(client).json["token"]
    (row,) = services.tokens_of(person, AT)
    assert token not in (row.digest, row.label)


def test_a_revoked_token_opens_nothing(client, person):
    token = ask(client).json["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.delete("/api/v1/tokens/current", headers=headers).status_code == 204
    assert account(client, token).status_code == 401


def test_a_suspended_person_has_neither_token_nor_sign_in(client, person, session):
    token = ask(client).json["token"]
    administrator = make_person()
    grant(administrator, Role.ADMINISTRATOR, PROGRAMME)
    services.suspend(person.id, by=administrator, at=AT)
    assert account(client, token).status_code == 401
    assert (ask(client).status_code, ask(client).json["code"]) == (403, "account_suspended")
    services.reinstate(person.id, by=administrator, at=AT)
    assert account(client, token).status_code == 401
    assert ask(client).status_code == 201


def test_unknown_and_wrong_are_the_same_answer(client, person):
    wrong, unknown = ask(client, password="x"), ask(client, email="b@example.org")
    assert wrong.status_code == unknown.status_code == 401
    strip = {"request_id": ""}
    assert wrong.json | strip == unknown.json | strip


def test_a_session_cookie_writes_nothing_through_the_api(client, person):
    client.post("/sign-in", data={"email": "a@example.org", "password": PASSWORD})
    assert client.get("/api/v1/account").status_code == 200
    assert client.post("/api/v1/bookings", json={}).status_code in (401, 422)
    assert client.delete("/api/v1/tokens/current").status_code == 401


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"email=a", "text/plain", 415),
        (b"[]", "application/json", 422),
        (b'{"email": 7, "password": "x"}', "application/json", 422),
        (b'{"email": "a\\u0000b", "password": "x"}', "application/json", 422),
    ],
)
def test_what_is_no_request_is_refused(client, person, body, content_type, status):
    answer = client.post("/api/v1/tokens", data=body, content_type=content_type)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
