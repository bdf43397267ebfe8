"""The manager's pages of closures and blocked time, the same as JSON, and what applicants see of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from instrument_share.booking.closing import services
from instrument_share.catalogue.models import OpeningException
from instrument_share.catalogue.outside.models import OutsideCalendar
from instrument_share.catalogue.rules import ExceptionKind
from instrument_share.catalogue.values import Plan
from instrument_share.foundation.interval import Interval
from instrument_share.identity.services import issue_token
from tests.support.builders import AT, make_agreement, make_person, make_project
from tests.support.marks import one_engine
from tests.support.scene import make_scene
from tests.support.signing import sign_in

pytestmark = [one_engine, pytest.mark.usefixtures("present")]

DAY = timedelta(days=1)
FORM = {
    "kind": "closure", "starts_on": "2026-03-03", "starts_time": "08:00",
    "ends_on": "2026-03-04", "ends_time": "08:00", "reason": "New detector", "reason_language": "en",
}  # fmt: skip


@pytest.fixture
def scene(session):
    scene = make_scene()
    session.commit()
    return scene


@pytest.fixture
def root(scene, client):
    sign_in(client, scene.manager)
    return f"/manage/instruments/{scene.instrument.slug}/closures"


def sent_again(page: str) -> dict[str, list[str]]:
    """The hidden fields of the page that asks before something is saved."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(value)
    return found


def test_what_a_plan_hits_is_listed_before_it_is_saved(client, session, scene, root):
    booking = scene.ask()
    session.commit()
    page = client.post(root, data=FORM)
    assert page.status_code == 409
    assert booking.reference in page.text
    assert scene.applicant.display_name in page.text
    assert session.query(OpeningException).count() == 0
    assert client.post(root, data=sent_again(page.text)).status_code == 302
    assert session.query(OpeningException).one().reason == {"en": "New detector"}
    assert booking.reference in client.get(root).text


def test_a_blocking_is_entered_changed_and_lifted(client, session, scene, root):
    host, partner = scene.instrument.facility.host, scene.applicant.institution
    agreement = make_agreement(host, partner)
    project = make_project(scene.applicant, agreement=agreement)
    session.commit()
    form = client.get(f"{root}/new/blocking").text
    assert all(name in form for name in (partner.slug, agreement.reference, project.reference))
    data = FORM | {
        "kind": "blocking", "title": "Teaching week", "institutions": [partner.slug],
        "people": scene.applicant.email.upper(), "release_hours": "48", "weekly_until": "2026-03-17",
    }  # fmt: skip
    assert client.post(root, data=data).status_code == 302
    rows = session.query(OpeningException).order_by(OpeningException.starts_at).all()
    assert len(rows) == 3
    assert rows[0].open_to == {"institutions": [partner.id], "people": [scene.applicant.id]}
    assert rows[0].release_minutes == 48 * 60
    page = client.get(root).text
    assert "Teaching week" in page
    assert scene.applicant.display_name in page
    form = client.get(f"{root}/{rows[0].id}").text
    assert scene.applicant.email in form
    changed = data | {"title": "Summer school", "institutions": []}
    assert client.post(f"{root}/{rows[0].id}", data=changed).status_code == 302
    session.expire_all()
    assert (rows[0].title, rows[1].title) == ({"en": "Summer school"}, {"en": "Teaching week"})
    client.post(f"{root}/{rows[0].id}/lift", data={"series": "1"})
    assert session.query(OpeningException).count() == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_time": ""}, "starts_time"),
        ({"ends_on": "2026-03-02"}, "ends_on"),
        ({"kind": "blocking"}, "title"),
        ({"kind": "blocking", "title": "X", "people": "who@nowhere.example"}, "people"),
        ({"kind": "blocking", "title": "X", "release_hours": "soon"}, "release_hours"),
        ({"weekly_until": "2029-01-01"}, "weekly_until"),
    ],
)
def test_a_form_comes_back_with_what_was_typed(client, root, values, field):
    page = client.post(root, data=FORM | values)
    assert page.status_code == 422
    assert f'href="#field-{field}"' in page.text
    assert "New detector" in page.text


def test_an_outage_lists_those_hit_who_can_be_cancelled(client, session, scene, root):
    booking = scene.ask()
    session.commit()
    assert client.post(f"{root}/outage", data={"reason": "Broken pump"}).status_code == 302
    row = session.query(OpeningException).one()
    assert (row.sudden, row.until_lifted) == (True, True)
    page = client.get(root).text
    assert f'value="{booking.reference}"' in page
    cancel = {"reference": booking.reference, "comment": ""}
    assert client.post(f"{root}/cancel", data=cancel).status_code == 422
    assert client.post(f"{root}/cancel", data=cancel | {"comment": "Sorry"}).status_code == 302
    session.expire_all()
    assert booking.state == "cancelled"
    assert booking.reference not in client.get(root).text


def test_an_applicant_is_told_what_stands_in_the_way_and_what_to_do(client, session, scene):
    booking = scene.ask()
    plan = Plan(
        ExceptionKind.CLOSURE, Interval(AT, AT + 3 * DAY), {}, {"en": "Broken"}, sudden=True
    )
    services.enter(scene.instrument.slug, plan, by=scene.manager, at=AT)
    session.commit()
    sign_in(client, scene.applicant)
    page = client.get(f"/bookings/{booking.reference}").text
    assert "The instrument is closed at this time" in page
    assert "Broken" in page
    assert "/reschedule?choose=" in page
    inbox = client.get("/inbox").text
    assert "/reschedule?choose=" in inbox
    message = re.search(r"/inbox/(\d+)", inbox)[0]
    assert client.post(message).location == f"/bookings/{booking.reference}/reschedule"


def test_calendars_are_followed_and_their_failure_is_shown(client, session, root):
    data = {"calendar_title": "Beam", "url": "https://a.example/c.ics", "reason_language": "en"}
    assert client.post(f"{root}/calendars", data=data | {"url": "ftp://a"}).status_code == 422
    assert client.post(f"{root}/calendars", data=data).status_code == 302
    calendar = session.query(OutsideCalendar).one()
    assert "Not read yet." in client.get(root).text
    calendar.failing_since, calendar.last_error, calendar.last_ok_at = AT, "status_404", AT - DAY
    session.commit()
    page = client.get(root).text
    assert "The server answers with the status 404." in page
    assert "for up to 7 days" in page
    assert client.post(f"{root}/calendars/{calendar.id}/fetch").status_code == 302
    assert client.post(f"{root}/calendars/{calendar.id}/remove").status_code == 302
    assert session.query(OutsideCalendar).count() == 0


def test_the_page_asks_few_queries(client, session, scene, root, count_queries):
    for number in range(3):
        scene.ask(starts_at=AT + (1 + number) * DAY)
    plan = Plan(ExceptionKind.CLOSURE, Interval(AT, AT + 9 * DAY), sudden=True)
    for _ in range(3):
        services.enter(scene.instrument.slug, plan, by=scene.manager, at=AT)
    session.commit()
    with count_queries() as queries:
        assert client.get(root).status_code == 200
    assert queries.count <= 12, queries


def test_nobody_else_sees_or_changes_any_of_it(client, session, scene, root):
    for person in (scene.applicant, make_person(), scene.operator):
        session.commit()
        sign_in(client, person)
        for path in ("", "/new/closure", "/1"):
            assert client.get(root + path).status_code == 403, path
        for path in (
            "",
            "/1",
            "/1/lift",
            "/outage",
            "/cancel",
            "/calendars",
            "/calendars/1/remove",
        ):
            assert client.post(root + path, data=FORM).status_code == 403, path
    assert session.query(OpeningException).count() == 0


def test_the_same_as_json(client, session, scene):
    booking = scene.ask()
    slug = scene.instrument.slug
    token, _ = issue_token(scene.manager, "test", at=AT)
    session.commit()
    headers = {"Authorization": f"Bearer {token}"}
    root = f"/api/v1/instruments/{slug}/exceptions"
    plan = {
        "kind": "blocking", "title": {"en": "Quota"}, "release_minutes": 60,
        "starts_at": "2026-03-03T00:00:00Z", "ends_at": "2026-03-04T00:00:00Z",
        "open_to": {"people": [scene.operator.email]},
    }  # fmt: skip
    refused = client.post(root, json=plan, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (409, "hits_bookings")
    assert [hit["reference"] for hit in refused.json["bookings"]] == [booking.reference]
    confirmed = plan | {"confirmed": [booking.reference]}
    once = headers | {"Idempotency-Key": "k1"}
    entered = client.post(root, json=confirmed, headers=once)
    assert entered.status_code == 201
    assert client.post(root, json=confirmed, headers=once).json == entered.json
    found = client.get(root, headers=headers).json
    assert [row["title"] for row in found["exceptions"]] == ["Quota"]
    assert [hit["reference"] for hit in found["bookings_hit"]] == [booking.reference]
    said = {"references": [booking.reference], "comment": "Sorry"}
    left = client.post(f"{root}/cancel-bookings", json=said, headers=headers)
    assert left.json["bookings_hit"] == []
    url = f"{root}/{entered.json[0]['id']}"
    assert (
        client.put(url, json=plan | {"title": {"en": "Other"}}, headers=headers).status_code == 200
    )
    assert client.delete(url, headers=headers).json["exceptions"] == []
    assert client.delete(url, headers=headers).status_code == 404
    calendars = f"/api/v1/instruments/{slug}/outside-calendars"
    added = client.post(
        calendars, json={"url": "https://a.example/c", "title": {"en": "Beam"}}, headers=headers
    )
    assert added.status_code == 201
    assert client.delete(f"{calendars}/{added.json['id']}", headers=headers).status_code == 200
