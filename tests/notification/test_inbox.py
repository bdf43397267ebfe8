"""The inbox on the site."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.foundation.signals import mail_address_claimed
from instrument_share.notification.queries import inbox_of, unread_count
from tests.support.bearer import Bearer
from tests.support.builders import AT, make_person
from tests.support.signing import sign_in


def test_an_empty_inbox_says_what_to_do(client, session):
    sign_in(client, make_person())
    assert "Nothing here yet" in client.get("/inbox").text


def test_the_inbox_asks_for_sign_in(client, session):
    assert client.get("/inbox").status_code == 302


def test_the_inbox_tells_the_newest_first(client, session, scene, count_queries):
    booking = scene.confirm(scene.ask())
    sign_in(client, scene.applicant)
    session.commit()
    with count_queries() as queries:
        page = client.get("/inbox").text
    assert queries.count <= 10, queries
    assert page.index("Confirmed:") < page.index("Request received:")
    assert booking.reference in page


def test_opening_a_message_marks_it_read_and_leads_to_the_booking(client, session, scene):
    booking = scene.ask()
    sign_in(client, scene.applicant)
    (message,) = inbox_of(scene.applicant, 1).items
    assert unread_count(scene.applicant) == 1
    answer = client.post(f"/inbox/{message.id}")
    assert answer.location == f"/bookings/{booking.reference}"
    assert unread_count(scene.applicant) == 0
    assert message.read_at == AT


def test_everything_can_be_marked_read(client, session, scene):
    scene.confirm(scene.ask())
    sign_in(client, scene.applicant)
    client.post("/inbox/read")
    assert unread_count(scene.applicant) == 0
    assert unread_count(scene.office) == 1


def test_somebody_elses_message_is_not_there(client, session, scene):
    scene.ask()
    (message,) = inbox_of(scene.applicant, 1).items
    sign_in(client, scene.manager)
    assert client.post(f"/inbox/{message.id}").status_code == 404
    assert unread_count(scene.applicant) == 1


def test_secrets_are_in_no_inbox(client, session):
    person = make_person()
    mail_address_claimed.send(person, secret="s3cret", at=AT)
    sign_in(client, person)
    assert unread_count(person) == 0
    assert "s3cret" not in client.get("/inbox").text


def test_many_messages_are_paged(client, session, scene):
    from datetime import timedelta

    for n in range(1, 33):
        scene.ask(starts_at=AT + timedelta(days=n), hours=1)
    sign_in(client, scene.applicant)
    first = client.get("/inbox").text
    assert first.count("<article") == 30
    assert "page=2" in first
    assert client.get("/inbox?page=2").text.count("<article") == 2


@pytest.mark.parametrize("language", ["zh-Hans", "ar"])
def test_the_inbox_speaks_the_readers_language(client, session, scene, language):
    scene.applicant.language = language
    scene.ask()
    sign_in(client, scene.applicant)
    assert scene.instrument.names[language] in client.get("/inbox").text


def test_by_api_with_what_waits(client, session, scene, count_queries):
    booking = scene.ask()
    manager = Bearer.of(client, scene.manager, at=AT)
    counts = []
    for _ in range(2):
        with count_queries() as queries:
            told = manager.call("GET", "/inbox").json
        counts.append(queries.count)
        scene.ask(starts_at=booking.starts_at + timedelta(days=len(counts)))
        session.commit()
    assert counts[0] == counts[1]
    assert (told["unread"], told["total"], told["page"]) == (2, 2, 1)
    (pile,) = told["waiting"]
    assert (pile["kind"], pile["total"]) == ("decisions", 2)
    assert booking.reference in {each["url"].rpartition("/")[2] for each in pile["things"]}
    message = told["items"][-1]
    assert message["kind"] == "decision_needed"
    assert scene.applicant.display_name in message["sentence"]
    assert manager.call("POST", f"/inbox/{message['id']}/read").status_code == 204
    assert manager.call("GET", "/inbox?page_size=1").json["unread"] == 2
    other = Bearer.of(client, scene.applicant, at=AT)
    assert other.call("POST", f"/inbox/{message['id']}/read").status_code == 404
