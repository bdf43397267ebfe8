"""What a program may ask of a feed, the queue of decisions, and offers of the waiting list."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest

from instrument_share.booking import services
from instrument_share.booking.rules import State
from instrument_share.schedule.addresses import calendar_url, queue_url, webcal_url
from instrument_share.schedule.rules import Secret
from instrument_share.schedule.services import raise_versions, revoke_address
from tests.support.builders import AT, make_booking, make_closure, make_instrument, make_person
from tests.support.signing import sign_in

DAY = timedelta(days=1)


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def events_of(answer):
    assert answer.status_code == 200, answer.text
    return icalendar.Calendar.from_ical(answer.data).events


@pytest.fixture
def feed(scene) -> str:
    return f"/calendars/instruments/{scene.instrument.slug}.ics"


def test_a_feed_reminds_before_what_will_be(client, session, scene, feed):
    scene.ask()
    off = scene.ask(starts_at=AT + 3 * DAY)
    services.cancel(off.reference, by=scene.applicant, at=AT, version=None)
    alarms = {
        str(it["STATUS"]): it.walk("VALARM") for it in events_of(client.get(f"{feed}?alarm=30"))
    }
    (alarm,) = alarms["TENTATIVE"]
    assert alarm["TRIGGER"].dt == timedelta(minutes=-30)
    assert (str(alarm["ACTION"]), str(alarm["DESCRIPTION"])) == ("DISPLAY", "Taken")
    assert alarms["CANCELLED"] == []
    assert "VALARM" not in client.get(feed).text


def test_a_feed_reaches_back_as_far_as_it_is_asked(client, session, scene, feed, present):
    scene.ask()
    for days, asked, shown in ((20, "7", 0), (20, "30", 1), (120, "30", 0), (120, "366", 1)):
        present.move_to(AT + days * DAY)
        assert len(events_of(client.get(f"{feed}?past={asked}"))) == shown, (days, asked)


@pytest.mark.parametrize(
    "query", ["alarm=-1", "alarm=10081", "alarm=soon", "past=367", "past=-1", "past=%D9%A3x"]
)
def test_a_wish_that_cannot_be_is_refused(client, session, scene, feed, query):
    assert client.get(f"{feed}?{query}").status_code == 422


def test_each_wish_has_its_own_validator(client, session, scene, feed):
    scene.ask()
    wishes = ("", "?alarm=30", "?alarm=0", "?past=30", "?lang=ar", "?lang=ar&alarm=30&past=30")
    tags = {wish: client.get(feed + wish).headers["ETag"] for wish in wishes}
    assert len(set(tags.values())) == len(wishes)
    for wish, tag in tags.items():
        again = client.get(feed + wish, headers={"If-None-Match": tag})
        assert again.status_code == 304
        assert "Accept-Encoding" in again.headers["Vary"]


def test_a_feed_travels_packed(client, session, scene, feed):
    for n in range(1, 9):
        scene.ask(starts_at=AT + n * DAY)
    packed = client.get(feed, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(client.get(feed).data) / 3
    known = {"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.get(feed, headers=known).status_code == 304


def test_a_feed_describes_itself(client, session, scene, feed):
    calendar = icalendar.Calendar.from_ical(client.get(feed).data)
    base = "http://127.0.0.1:8000"
    assert str(calendar["NAME"]) == scene.instrument.name("en")
    assert str(calendar["URL"]) == f"{base}/instruments/{scene.instrument.slug}"
    assert str(calendar["SOURCE"]) == base + feed
    assert str(calendar["COLOR"])
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(minutes=15)
    own = client.get(path(calendar_url(scene.applicant))).text
    assert "/calendars/private/" not in own  # it does not tell its own secret


def test_two_changes_in_one_second_have_two_dates(client, session, scene, feed):
    seen = set()
    for _ in range(3):
        raise_versions([f"instrument:{scene.instrument.id}"], AT)
        answer = client.get(feed)
        known = {"If-Modified-Since": answer.headers["Last-Modified"]}
        raise_versions([f"instrument:{scene.instrument.id}"], AT)
        assert client.get(feed, headers=known).status_code == 200
        seen.add(answer.headers["ETag"])
    assert len(seen) == 3


def test_the_queue_is_what_waits_for_a_decision(client, session, scene, count_queries):
    first, second = scene.ask(), scene.ask(starts_at=AT + 3 * DAY)
    make_booking(make_instrument(), make_person())  # somebody else decides that
    session.commit()
    address = path(queue_url(scene.manager))
    with count_queries() as queries:
        answer = client.get(address)
    assert queries.count <= 5, queries
    events = events_of(answer)
    assert [it.start for it in events] == [first.starts_at, second.starts_at]
    assert scene.applicant.display_name in events[0]["DESCRIPTION"]
    assert "Decide by" in events[0]["DESCRIPTION"]
    assert str(events[0]["TRANSP"]) == "TRANSPARENT"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(address, headers=known).status_code == 304
    services.approve(first.reference, by=scene.manager, at=AT, version=None)
    assert [it.start for it in events_of(client.get(address, headers=known))] == [second.starts_at]
    office = events_of(client.get(path(queue_url(scene.office))))
    assert [it.start for it in office] == [first.starts_at]
    assert not events_of(client.get(path(queue_url(scene.applicant))))


def test_the_queues_address_is_a_secret_of_its_own(client, session, scene):
    own, queue = path(calendar_url(scene.manager)), path(queue_url(scene.manager))
    assert client.get(own.replace("private", "queue")).status_code == 404
    assert client.get(queue.replace("queue", "private")).status_code == 404
    revoke_address(scene.manager, at=AT, secret=Secret.QUEUE)
    assert client.get(queue).status_code == 404
    assert client.get(own).status_code == 200
    assert client.get(path(queue_url(scene.manager))).status_code == 200


def test_the_page_tells_the_queues_address_to_those_who_decide(client, session, scene):
    sign_in(client, scene.manager)
    page = client.get("/calendars").text
    assert queue_url(scene.manager) in page
    assert webcal_url(queue_url(scene.manager)) in page
    before = queue_url(scene.manager)
    client.post("/calendars/revoke", data={"which": "queue"})
    assert queue_url(scene.manager) != before
    sign_in(client, scene.applicant)
    assert "/calendars/queue/" not in client.get("/calendars").text


def test_an_offer_stands_in_its_persons_feed_with_its_deadline(client, session, scene):
    booking = scene.ask()
    booking.state, booking.submitted_at = State.OFFERED, None
    booking.hold_expires_at = AT + timedelta(hours=6)
    raise_versions([f"person:{scene.applicant.id}"], AT)
    (event,) = events_of(client.get(path(calendar_url(scene.applicant))))
    assert str(event["STATUS"]) == "TENTATIVE"
    assert str(event["SUMMARY"]) == f"Offered: {scene.instrument.name('en')}"
    assert "Accept the offer by Mon, Mar 2, 2026 6:00" in event["DESCRIPTION"].replace(
        "\u202f", " "
    )


def test_whatever_is_no_opening_is_closed_and_only_closures_say_why(client, session, scene, feed):
    closure = make_closure(scene.instrument, scene.ask().slot)
    closure.reason = {"en": "Maintenance"}
    raise_versions([f"instrument:{scene.instrument.id}"], AT)
    (closed,) = [it for it in events_of(client.get(feed)) if str(it["SUMMARY"]) == "Closed"]
    assert str(closed["DESCRIPTION"]) == "Maintenance"
