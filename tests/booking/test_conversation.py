"""The conversation on a booking: who reads what, who is told, files, unread marks, and its faces."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from instrument_share.booking.conversation.queries import conversation_of
from instrument_share.booking.conversation.services import say
from instrument_share.booking.conversation.values import Words
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound
from instrument_share.identity.services import issue_token
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.builders import AT, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in
from tests.support.uploads import PDF, upload

pytestmark = pytest.mark.usefixtures("present")


@pytest.fixture
def scene(session):
    return make_scene()


@pytest.fixture
def booking(session, scene):
    booking = scene.ask()
    session.commit()
    return booking


def told(session, kind=Kind.REMARK):
    messages = session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id))
    return [message.person_id for message in messages]


def test_each_side_is_told_what_the_other_says(session, scene, booking):
    say(booking.reference, Words("Which holder?"), by=scene.applicant, at=AT)
    assert told(session) == [scene.manager.id]
    say(booking.reference, Words("Bring your own."), by=scene.operator, at=AT)
    assert told(session)[1:] == [scene.applicant.id]
    say(booking.reference, Words("I do."), by=scene.applicant, at=AT)
    assert set(told(session)[2:]) == {scene.manager.id, scene.operator.id}


def test_what_offices_note_stays_among_them(session, scene, booking, client):
    note = Words("No licence yet", is_internal=True, files=[upload("licence.pdf")])
    file = say(booking.reference, note, by=scene.manager, at=AT).files[0]
    say(booking.reference, Words("Sent"), by=scene.operator, at=AT)
    assert told(session, Kind.NOTE) == []  # nobody else is in charge yet
    assert [each.text for each in conversation_of(booking, scene.applicant).remarks] == ["Sent"]
    assert len(conversation_of(booking, scene.office).remarks) == 2
    with pytest.raises(Forbidden):
        say(booking.reference, Words("x", is_internal=True), by=scene.applicant, at=AT)
    with pytest.raises(NotFound):
        say(booking.reference, Words("x"), by=make_person(), at=AT)
    sign_in(client, scene.applicant)
    page = client.get(f"/bookings/{booking.reference}").text
    assert ("Sent" in page, "No licence yet" in page, "Internal note" in page) == (
        True,
        False,
        False,
    )
    address = f"/bookings/{booking.reference}/files/{file.key}"
    assert [client.get(it + address).status_code for it in ("", "/api/v1")] == [404, 404]
    sign_in(client, scene.office)
    answer = client.get(address)
    assert (answer.data, answer.headers["Content-Disposition"]) == (
        PDF, "attachment; filename=licence.pdf",
    )  # fmt: skip


def test_the_mail_says_where_to_reply_and_is_marked_as_automatic(session, scene, booking):
    say(booking.reference, Words("Bring\nit", files=[upload()]), by=scene.manager, at=AT)
    mail = compose(session.scalars(select(Message).where(Message.kind == Kind.REMARK)).one())
    text = mail.get_body(("plain",)).get_content()
    assert (mail["Auto-Submitted"], mail["Reply-To"]) == ("auto-generated", None)
    assert f"/bookings/{booking.reference}#conversation" in text
    assert "> Bring" in text
    assert "plan.pdf" in text
    assert "Reply on the site" in text


def test_what_was_read_is_marked_no_longer(session, scene, booking, client):
    say(booking.reference, Words("Hello"), by=scene.applicant, at=AT)
    sign_in(client, scene.manager)
    pages = [client.get(f"/bookings/{booking.reference}").text for _ in range(2)]
    assert ['tag--info">new<' in page for page in pages] == [True, False]
    message = session.scalars(select(Message).where(Message.kind == Kind.REMARK)).one()
    assert message.read_at == AT
    assert not conversation_of(booking, scene.applicant).unread


def test_the_form_keeps_what_was_typed_where_a_file_is_refused(session, scene, booking, client):
    sign_in(client, scene.applicant)
    address = f"/bookings/{booking.reference}/messages"

    def post(content: bytes, name: str = "plan.pdf"):
        data = {"text": "My plan", "files": (io.BytesIO(content), name)}
        return client.post(address, data=data, content_type="multipart/form-data")

    refused = post(b"#!/bin/sh")
    assert refused.status_code == 422
    assert "My plan" in refused.text
    assert "content is not what its name says" in refused.text
    assert 'href="#field-files"' in refused.text
    assert post(bytes(22 * 1024**2)).status_code == 413
    assert post(PDF, "").status_code == 302
    assert client.post(address, data={"text": " "}).status_code == 422
    with pytest.raises(InvalidInput):
        say(booking.reference, Words("x", files=[upload()] * 6), by=scene.applicant, at=AT)


def test_programs_talk_too(session, scene, booking, client):
    token, _ = issue_token(scene.applicant, "test", at=AT)
    session.commit()
    head = {"Authorization": f"Bearer {token}"}
    address = f"/api/v1/bookings/{booking.reference}/messages"
    once = head | {"Idempotency-Key": "k1"}
    first, again = (client.post(address, json={"text": "Hi"}, headers=once) for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    data = {"text": "With a plan", "files": (io.BytesIO(PDF), "plan.pdf")}
    sent = client.post(address, data=data, headers=head)
    assert sent.status_code == 201, sent.json
    listed = client.get(address, headers=head, query_string={"page_size": 1, "page": 2}).json
    assert (listed["total"], listed["items"]) == (2, [sent.json])
    (file,) = sent.json["files"]
    assert client.get(file["url"], headers=head).data == PDF
    assert (
        client.post(address, json={"text": "x", "internal": True}, headers=head).status_code == 403
    )
    assert client.post(address, json={"text": "x", "by": "me"}, headers=head).status_code == 422
    assert client.post(address, data="x", headers=head).status_code == 415


def test_a_long_conversation_takes_as_many_statements_as_a_short_one(
    session, scene, booking, count_queries
):
    counts = []
    for _ in range(2):
        for author in (scene.applicant, scene.operator, scene.manager):
            say(booking.reference, Words("x", files=[upload()]), by=author, at=AT)
        session.commit()
        session.expire_all()
        booking.instrument.facility  # noqa: B018 its row is read with the booking's page
        with count_queries() as queries:
            conversation_of(booking, scene.applicant)
        counts.append(queries.count)
    assert counts[0] == counts[1] <= 8
