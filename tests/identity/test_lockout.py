"""Whoever changes the locks: what still opens the account afterwards, and what its owner is told."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import select

from instrument_share.identity.models import AuditEntry
from instrument_share.identity.passwords import hash_password
from instrument_share.identity.services import issue_token
from instrument_share.notification.models import Message
from instrument_share.schedule.addresses import calendar_url, queue_url
from tests.support.builders import AT, make_person
from tests.support.signing import sign_in

PASSWORD, OTHER = "correct horse battery", "another long password"


class Keys:
    """What opens an account: a session on another device, a token, and two secret addresses."""

    def __init__(self, person, app):
        self.person, self.app = person, app
        self.device = app.test_client()
        self.device.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        self.token, _ = issue_token(person, "a script", at=AT)
        self.addresses = [calendar_url(person), queue_url(person)]

    def opening(self):
        """Which of them still do."""
        stranger = self.app.test_client()
        bearer = {"Authorization": f"Bearer {self.token}"}
        feeds = [stranger.get(f"/{url.split('/', 3)[3]}").status_code for url in self.addresses]
        assert len(set(feeds)) == 1
        return {
            "device": self.device.get("/account").status_code == 200,
            "token": stranger.get("/api/v1/account", headers=bearer).status_code == 200,
            "calendars": feeds[0] == 200,
        }


@pytest.fixture
def person(session):
    with time_machine.travel(AT, tick=False):
        yield make_person(email="a@example.org", password_hash=hash_password(PASSWORD))


def change(client, person, **wanted):
    sign_in(client, person)
    said = {"present": PASSWORD, "wanted": OTHER} | wanted
    return client.post("/account/password", data=said)


def reset(client, person, **wanted):
    client.post("/forgotten-password", data={"email": person.email})
    mail = client.application.extensions["sqlalchemy"].session.scalar(
        select(Message.facts).order_by(Message.id.desc())
    )
    address = f"/forgotten-password/{mail['secret']}"
    assert "new addresses as well" in client.get(address).text
    return client.post(address, data={"wanted": OTHER} | wanted)


def leave(client, person, **wanted):
    sign_in(client, person)
    return client.post("/account/sessions/end-all", data=wanted)


ALL, ADDRESSES = {"others_out": "1"}, {"addresses": "1"}


@pytest.mark.parametrize(
    ("deed", "wanted", "left", "told"),
    [
        (change, {}, {"device", "token", "calendars"}, "password_changed"),
        (change, ALL, {"calendars"}, "password_changed"),
        (change, ALL | ADDRESSES, set(), "password_changed"),
        (reset, {}, {"calendars"}, "password_changed"),
        (reset, ADDRESSES, set(), "password_changed"),
        (leave, {}, {"calendars"}, "everything_ended"),
        (leave, ADDRESSES, set(), "everything_ended"),
    ],
)  # fmt: skip
def test_the_locks_are_changed(app, client, session, person, deed, wanted, left, told):
    keys = Keys(person, app)
    assert all(keys.opening().values())
    assert deed(client, person, **wanted).status_code == 302
    assert {name for name, opens in keys.opening().items() if opens} == left
    actions = session.scalars(select(AuditEntry.action)).all()
    assert ("token.revoke" in actions) is ("token" not in left)
    assert ("revoke-calendar-address" in actions) is ("calendars" not in left)
    kinds = session.scalars(select(Message.kind).where(Message.person_id == person.id)).all()
    assert kinds[-1] == told


def test_what_is_chosen_stays_chosen_where_the_form_comes_back(client, session, person):
    sign_in(client, person)
    assert 'name="others_out" value="1" checked' in client.get("/account").text
    page = change(client, person, wanted="short", **ADDRESSES).text
    assert 'name="others_out" value="1" checked' not in page
    assert 'name="addresses" value="1" checked' in page
    page = client.post("/account", data={"display_name": ""}).text
    assert 'name="others_out" value="1" checked' in page


def test_each_is_told_what_ended(client, session, person):
    issue_token(person, "a script", at=AT)
    leave(client, person)
    assert "signed out on every device, and 1 token is void" in client.get("/sign-in").text
