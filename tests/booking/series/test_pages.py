"""Series on the site: asked for, checked, sent, changed and decided, without any script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from instrument_share.booking import services as bookings
from instrument_share.booking.models import Booking
from instrument_share.booking.series.models import Series
from tests.support.builders import AT, make_booking, make_institution, make_person
from tests.support.marks import one_engine
from tests.support.scene import Scene, make_scene
from tests.support.signing import sign_in

pytestmark = [one_engine, pytest.mark.usefixtures("present")]

TOMORROW = AT + timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
def scene(session, client) -> Scene:
    scene = make_scene()
    sign_in(client, scene.applicant)
    return scene


def form(**changes: str) -> dict[str, str]:
    """The request's form: tomorrow from 9 to 13 on the instrument's clock, three times by weeks."""
    return {
        "submission": "one-form", "do": "send", "zone": "instrument", "day": "2026-03-03",
        "start": "09:00", "end": "13:00", "access_mode": "on_site", "purpose": "Thin films",
        "repeat": "weekly", "every": "1", "times": "3",
    } | changes  # fmt: skip


def checked(client, scene: Scene, **changes: str):
    """The check page. The request's form is handed on to it with everything that was typed (307)."""
    form_page = f"/instruments/{scene.instrument.slug}/book"
    handed_on = client.post(form_page, data=form(**changes))
    assert (handed_on.status_code, handed_on.headers["Location"]) == (307, f"{form_page}/series")
    return client.post(handed_on.headers["Location"], data=form(**changes))


def sent(client, scene: Scene, page: str, **changes: str):
    """The check page's form, sent as it is."""
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    chosen = re.search(r'name="on_conflict" value="(\w+)" checked', page)
    choice = {"on_conflict": chosen[1]} if chosen else {}
    return client.post(
        f"/instruments/{scene.instrument.slug}/book/series",
        data=hidden | choice | {"do": "send"} | changes,
    )


def blocked(scene: Scene) -> None:
    make_booking(
        scene.instrument, make_person(make_institution()),
        starts_at=TOMORROW + WEEK - timedelta(hours=3), hours=2,
    )  # fmt: skip


def made(client, scene: Scene, session) -> Series:
    sent(client, scene, checked(client, scene).text)
    return session.query(Series).one()


def test_a_series_is_checked_and_sent(scene, client, session):
    page = checked(client, scene)
    assert page.status_code == 200
    assert "every week on Tuesday, 3 times" in page.text
    assert "All of these times can be had" in page.text
    assert session.query(Booking).count() == 0
    answer = sent(client, scene, page.text)
    series = session.query(Series).one()
    assert answer.headers["Location"] == f"/series/{series.reference}"
    shown = client.get(answer.headers["Location"]).text
    assert "3 submitted" in shown
    first = session.query(Booking).first()
    assert f'href="/bookings/{first.reference}"' in shown
    assert f'href="/series/{series.reference}"' in client.get(f"/bookings/{first.reference}").text


def test_conflicts_are_listed_and_something_is_chosen(scene, client, session):
    blocked(scene)
    page = checked(client, scene).text
    assert "1 of these times cannot be had" in page
    assert "Somebody else has this time." in page
    assert "Send" not in re.sub(r"Send the request", "", page)
    shift = sent(client, scene, page, do="check", on_conflict="shift").text
    assert "New time:" in shift
    assert "Send 3 requests" in shift
    sent(client, scene, shift)
    assert session.query(Booking).filter(Booking.series_id.is_not(None)).count() == 3


def test_only_what_was_shown_is_sent(scene, client, session):
    page = checked(client, scene).text
    blocked(scene)
    session.commit()
    answer = sent(client, scene, page, on_conflict="skip")
    assert answer.status_code == 409
    assert "nothing was sent" in answer.text
    assert session.query(Series).count() == 0
    sent(client, scene, answer.text)
    assert session.query(Booking).filter(Booking.series_id.is_not(None)).count() == 2


def test_sent_twice_it_is_one_series(scene, client, session):
    page = checked(client, scene).text
    first, again = sent(client, scene, page), sent(client, scene, page)
    assert first.headers["Location"] == again.headers["Location"]
    assert session.query(Series).count() == 1


NEEDS_ATTENTION = [
    ({"times": ""}, "times", "Say how many times"),
    ({"until": "2026-05-01"}, "until", "not both"),
    ({"times": "300"}, "times", "from 1 to 200"),
    ({"weekday-MO": "1"}, "day", "that its rule does not name"),
    ({"times": "", "until": "2026-03-01"}, "times", "ends before it begins"),
    ({"every": "0"}, "every", "from 1 to 99"),
    ({"purpose": ""}, "purpose", "Fill this in"),
]


def test_what_needs_attention_is_told_in_the_form(scene, client):
    for changes, field, sentence in NEEDS_ATTENTION:
        page = checked(client, scene, **changes)
        assert page.status_code == 422
        found = re.search(rf'id="error-{field}">(.*?)</p>', page.text, re.DOTALL)
        assert found, changes
        assert sentence in found[1]
        assert 'name="day" type="date" value="2026-03-03"' in page.text


def test_what_was_typed_comes_back_to_be_changed(scene, client):
    page = checked(client, scene, **{"weekday-TU": "1", "weekday-TH": "1"}).text
    assert "every week on Tuesday and Thursday" in page
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    form_again = client.post(
        f"/instruments/{scene.instrument.slug}/book", data=hidden | {"do": "change"}
    ).text
    assert 'name="weekday-TH" value="1" checked' in form_again
    assert "Thin films" in form_again


def test_rhythms_of_the_form(scene, client):
    for changes, rhythm in (
        ({"repeat": "daily", "every": "2"}, "every 2 days, 3 times"),
        ({"repeat": "monthly"}, "every month on day 3, 3 times"),
        ({"repeat": "monthly_weekday"}, "every month on the first Tuesday, 3 times"),
        ({"times": "", "until": "2026-03-24"}, "every week on Tuesday, until Mar 24, 2026"),
    ):
        page = checked(client, scene, **changes).text
        assert rhythm in page
    assert page.count('<th scope="row"') == 4  # the last day itself is one of them


def test_following_occurrences_are_cancelled_from_the_page(scene, client, session):
    series = made(client, scene, session)
    second = session.query(Booking).order_by(Booking.starts_at).all()[1]
    address = f"/series/{series.reference}/cancel"
    page = client.get(f"{address}?from={second.reference}").text
    assert f'value="{second.reference}" selected' in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    data = {"version": version, "from": second.reference, "scope": "following"}
    answer = client.post(address, data=data)
    assert answer.headers["Location"] == f"/series/{series.reference}"
    assert "1 submitted and 2 cancelled" in client.get(answer.headers["Location"]).text
    stale = client.post(address, data=data)
    assert stale.status_code == 409


def test_those_that_cannot_be_moved_are_listed_first(scene, client, session):
    series = made(client, scene, session)
    make_booking(
        scene.instrument, make_person(make_institution()),
        starts_at=TOMORROW + WEEK + timedelta(hours=3), hours=2,
    )  # fmt: skip
    session.commit()
    address = f"/series/{series.reference}/reschedule"
    page = client.get(address).text
    data = {
        "version": re.search(r'name="version" value="(\d+)"', page)[1],
        "from": re.search(r'<option value="(B-\w+)" selected', page)[1],
        "scope": "all", "zone": "instrument", "day": "2026-03-03", "start": "15:00", "end": "17:00",
    }  # fmt: skip
    refused = client.post(address, data=data)
    assert refused.status_code == 409
    assert "Somebody else has this time." in refused.text
    assert "leave the others" in refused.text
    client.post(address, data=data | {"on_conflict": "skip"})
    starts = [row.starts_at.hour for row in session.query(Booking).filter_by(series_id=series.id)]
    assert sorted(starts) == [1, 7, 7]


def test_a_series_is_one_entry_of_the_queue(scene, client, session, count_queries):
    series = made(client, scene, session)
    scene.ask(starts_at=TOMORROW + timedelta(days=1))
    session.commit()
    sign_in(client, scene.manager)
    with count_queries() as queries:
        page = client.get("/approvals").text
    assert queries.count <= 20, queries
    assert "2 requests wait for your decision" in page
    assert "3 occurrences wait" in page
    version = re.search(rf'name="version-{series.reference}" value="(\d+)"', page)[1]
    client.post(
        "/approvals",
        data={"reference": series.reference, f"version-{series.reference}": version},
    )
    assert "1 request waits for your decision" in client.get("/approvals").text
    sign_in(client, scene.office)
    assert "3 occurrences wait" in client.get("/approvals").text


def test_a_series_is_rejected_with_a_reason(scene, client, session):
    series = made(client, scene, session)
    one = session.query(Booking).first()
    bookings.approve(one.reference, by=scene.manager, at=AT, version=None)
    session.commit()
    sign_in(client, scene.manager)
    page = client.get(f"/series/{series.reference}").text
    assert "2 occurrences wait for your decision" in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    address = f"/series/{series.reference}/reject"
    assert client.post(address, data={"version": version}).status_code == 422
    client.post(address, data={"version": version, "comment": "Not now."})
    session.expire_all()
    states = [row.state for row in session.query(Booking).order_by(Booking.starts_at)]
    assert states == ["submitted", "rejected", "rejected"]


def test_the_mailbox_tells_of_the_series_once(scene, client, session):
    series = made(client, scene, session)
    page = client.get("/inbox").text
    assert page.count("Series received") == 1
    assert "every week on Tuesday, 3 times" in page
    number = re.search(r'action="/inbox/(\d+)"', page)[1]
    assert client.post(f"/inbox/{number}").headers["Location"] == f"/series/{series.reference}"


def test_pages_speak_every_language(scene, client):
    blocked(scene)
    for language in ("zh-Hans", "ar"):
        page = client.post(
            f"/instruments/{scene.instrument.slug}/book/series?lang={language}", data=form()
        )
        assert page.status_code == 200
        assert f'lang="{language}"' in page.text
