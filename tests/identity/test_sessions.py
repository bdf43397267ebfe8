"""Where people are signed in, and how that ends."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from instrument_share.access.training.models import TrainingPlace
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.passwords import hash_password
from instrument_share.identity.sessions.models import SignInSession
from instrument_share.identity.sessions.rules import IDLE, LONGEST, SEEN_EVERY, device_of
from instrument_share.identity.sessions.services import forget_sessions_before
from instrument_share.notification.models import Message
from tests.support.builders import AT, make_institution, make_instrument, make_person, make_training

PASSWORD, OTHER = "correct horse battery", "gneiss lamps"  # of twelve characters, the fewest
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def person(session):
    return make_person(email="a@example.org", password_hash=hash_password(PASSWORD))


@pytest.fixture
def devices(app, person):
    """Two devices on which the same person is signed in."""
    with time_machine.travel(AT, tick=False):
        clients = [app.test_client(), app.test_client()]
        for client in clients:
            enter(client)
        yield clients


def enter(client, password=PASSWORD):
    return client.post(
        "/sign-in",
        data={"email": "a@example.org", "password": password},
        headers={"User-Agent": FIREFOX},
    )


def is_in(client):
    return client.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, ("Firefox", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
         ("Edge", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
         ("Safari", "iPhone")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_a_device_is_told_from_what_it_says(user_agent, device):
    assert device_of(user_agent) == device


def test_each_device_is_listed_and_can_be_signed_out(devices, session):
    here, there = devices
    page = here.get("/account/sessions").text
    assert page.count("Firefox on Linux") == 2
    assert page.count("This device") == 1
    (address,) = re.findall(r'action="(/account/sessions/\d+/end)"', page)
    assert here.post(address).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert here.get("/account/sessions").text.count("Firefox on Linux") == 1
    told = session.scalars(select(AuditEntry.action)).all()
    assert "session.end" in told


def test_somebody_elses_session_does_not_exist_for_me(devices, client, session):
    make_person(email="b@example.org", password_hash=hash_password(PASSWORD))
    client.post("/sign-in", data={"email": "b@example.org", "password": PASSWORD})
    theirs = session.scalar(select(SignInSession.id).order_by(SignInSession.id))
    assert client.post(f"/account/sessions/{theirs}/end").status_code == 404
    assert all(map(is_in, devices))


def test_everywhere_is_everywhere(devices):
    assert devices[0].post("/account/sessions/end-all").status_code == 302
    assert not any(map(is_in, devices))


def test_a_request_that_comes_slowly_is_over_with_its_session(devices, session, person):
    first, second = devices
    training = make_training(make_instrument(), person)
    session.commit()

    class Slow(io.BytesIO):
        """Its last bytes come when the person has signed out everywhere."""

        def readinto(self, buffer):
            if is_in(second):
                second.post("/account/sessions/end-all")
            return super().readinto(buffer)

    answer = first.post(
        f"/training/{training.reference}/places",
        input_stream=Slow(b"a=b"), content_length=3, content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert not is_in(second)
    assert "/sign-in" in answer.location
    assert session.query(TrainingPlace).count() == 0


def test_a_kept_cookie_opens_nothing_after_signing_out(devices, app):
    kept = devices[0].get_cookie("session").value
    devices[0].post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", kept)
    assert not is_in(thief)
    assert is_in(devices[1])


def test_the_secret_is_not_stored_and_last_seen_is_written_seldom(devices, session, count_queries):
    client = devices[0]
    with client.session_transaction() as cookie:
        secret = cookie["sign_in"]
    assert secret not in str([vars(row) for row in session.scalars(select(SignInSession))])
    with count_queries() as at_once:
        client.get("/account")
    with time_machine.travel(AT + SEEN_EVERY, tick=False):
        with count_queries() as later:
            client.get("/account")
        with count_queries() as again:
            client.get("/account")
    assert (later.count, again.count) == (at_once.count + 1, at_once.count)
    session.expire_all()
    assert session.scalars(select(SignInSession.seen_at).order_by(SignInSession.id)).all() == [
        AT + SEEN_EVERY,
        AT,
    ]


def test_an_idle_session_is_over_and_forgotten(devices, session):
    with time_machine.travel(AT + IDLE, tick=False):
        assert not is_in(devices[0])
    assert forget_sessions_before(AT + timedelta(seconds=1)) == 2


def test_a_session_in_use_is_over_after_a_month(devices):
    """Whoever keeps a stolen cookie in use does not keep it for ever."""
    for days in (10, 20, 29):
        with time_machine.travel(AT + timedelta(days=days), tick=False):
            assert is_in(devices[0])
    with time_machine.travel(AT + LONGEST, tick=False):
        assert not is_in(devices[0])


def test_a_forgotten_password_is_chosen_anew_by_mail_once(devices, client, session, person):
    person.institution = make_institution(names={"en": "Steppe University"})
    session.commit()
    known = client.post("/forgotten-password", data={"email": "A@example.org"})
    unknown = client.post("/forgotten-password", data={"email": "b@example.org"})
    assert (known.status_code, unknown.status_code) == (200, 200)
    (message,) = session.scalars(select(Message))
    address = f"/forgotten-password/{message.facts['secret']}"
    assert client.get(address).status_code == 200
    assert client.post(address, data={"wanted": "gneiss lamp"}).status_code == 422  # 11 characters
    for own in ("a@example.org", "Instrument-Share 2026", "Steppe University!!!1"):
        assert client.post(address, data={"wanted": own}).status_code == 422, own
    assert all(map(is_in, devices))
    assert client.post(address, data={"wanted": OTHER}).status_code == 302
    assert not any(map(is_in, devices))
    assert client.post(address, data={"wanted": PASSWORD}).status_code == 410
    assert enter(client).status_code == 401
    assert enter(client, OTHER).status_code == 302


def test_the_link_for_a_new_password_expires(devices, client, session):
    client.post("/forgotten-password", data={"email": "a@example.org"})
    (message,) = session.scalars(select(Message))
    with time_machine.travel(AT + timedelta(hours=1, seconds=2), tick=False):
        assert client.get(f"/forgotten-password/{message.facts['secret']}").status_code == 410


def test_what_all_may_keep_brings_nobodys_cookie(client, person):
    """A cache between a reader and the site may keep it with all its headers."""
    enter(client)
    client.get("/")  # takes the form token into the session
    for path in ("/static/css/site.css", "/", "/account"):
        assert "Set-Cookie" not in client.get(path).headers, path
