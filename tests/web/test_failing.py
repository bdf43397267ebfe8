"""What fails on our side: all of a command or nothing of it is done, and whoever asked is told which."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from instrument_share.booking import api
from instrument_share.files.models import StoredFile
from instrument_share.foundation.signals import booking_changed, remark_made
from instrument_share.foundation.transaction import is_writing
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.services import issue_token
from instrument_share.identity.sessions import cookie
from instrument_share.identity.sessions.rules import SEEN_EVERY
from instrument_share.notification.models import Message
from tests.support.builders import AT, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in
from tests.support.uploads import upload

pytestmark = pytest.mark.usefixtures("present")


def fail(*_: object, **__: object) -> None:
    raise RuntimeError


@contextmanager
def nothing_committed() -> Iterator[None]:
    """Commands fail when all is written and only the commit is left."""

    def late(_session: Session) -> None:
        if is_writing():
            fail()

    event.listen(Session, "before_commit", late)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", late)


@pytest.fixture
def cancel(client, session):
    """`cancel()`: the applicant cancels; the booking and the sentence of the answer."""
    scene = make_scene()
    booking = scene.ask()
    secret, _ = issue_token(scene.applicant, "test", at=AT)
    session.commit()
    path = f"/api/v1/bookings/{booking.reference}/actions/cancel"
    headers = {"Authorization": f"Bearer {secret}", "If-Match": '"1"', "Accept-Language": "en"}

    def run():
        answer = client.post(path, json={}, headers=headers)
        assert answer.status_code == 500
        session.rollback()
        session.expire_all()
        return booking, answer.json["detail"]

    return run


@pytest.mark.parametrize("where", ["while others hear of it", "while it is committed"])
def test_what_fails_on_its_way_leaves_nothing(cancel, session, where):
    before = [session.scalars(select(kind)).all() for kind in (AuditEntry, Message)]
    if where == "while others hear of it":
        with booking_changed.connected_to(fail):
            booking, said = cancel()
    else:
        with nothing_committed():
            booking, said = cancel()
    assert "Nothing was saved" in said
    assert booking.state == "submitted"
    assert [session.scalars(select(kind)).all() for kind in (AuditEntry, Message)] == before


def test_what_fails_when_it_is_done_is_not_said_to_be_undone(cancel, monkeypatch):
    monkeypatch.setattr(api, "_view", fail)
    booking, said = cancel()
    assert "after your request was carried out" in said
    assert booking.state == "cancelled"


def test_a_file_whose_command_fails_is_nobodys(client, session):
    scene = make_scene()
    booking = scene.ask()
    sign_in(client, scene.applicant)
    said = {"text": "Here it is", "files": upload()}
    with remark_made.connected_to(fail):
        answer = client.post(f"/bookings/{booking.reference}/messages", data=said)
    assert answer.status_code == 500
    session.rollback()
    assert session.scalar(select(StoredFile)) is None
    assert "Nothing was saved" in answer.text


def test_an_answer_is_given_though_nobody_can_be_noted_as_seen(client, session, monkeypatch):
    def locked(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    sign_in(client, make_person())
    monkeypatch.setattr(cookie.services, "note_seen", locked)
    with time_machine.travel(AT + SEEN_EVERY, tick=False):
        assert client.get("/account").status_code == 200
