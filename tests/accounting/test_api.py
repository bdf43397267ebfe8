"""Accounting's JSON calls."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from instrument_share.foundation.identifiers import digest_of
from instrument_share.identity.models import ApiToken

from ..support.builders import AT, make_institution, make_person
from .story import begin

MARCH = datetime(2026, 3, 10, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel(APRIL, tick=False):
        yield


@pytest.fixture
def story(remembered):
    return remembered(_one_use)


def _one_use():
    story = begin(discounts={"on_site": 25})
    story.booking = story.used(MARCH, minutes=230, samples=2)
    return story


@pytest.fixture
def call(client, session):
    """`call(person, "GET", "/usage", booking="B-1")`"""
    numbers = itertools.count()

    def call(person, method, path, json=None, version=None, **query):
        secret = f"token-{next(numbers)}"
        session.add(
            ApiToken(
                person=person, label="test", digest=digest_of(secret),
                created_at=AT, expires_at=APRIL + timedelta(days=1),
            )
        )  # fmt: skip
        headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
        if version:
            headers["If-Match"] = f'"{version}"'
        return client.open(
            f"/api/v1{path}", method=method, query_string=query, json=json, headers=headers
        )

    return call


def test_a_usage_record_with_its_charge(story, call):
    found = call(story.liaison, "GET", "/usage", booking=story.booking.reference).get_json()
    (record,) = found["items"]
    assert (found["total"], found["minutes"], record["minutes"]) == (1, 230, 230)
    assert record["started_at"] == "2026-03-10T01:00:00Z"
    assert record["charges"][0] == {
        "description": "Instrument time: 3 h 50 min at CN¥600.00 an hour = CN¥2,300.00, "
        f"less 25% by the agreement {story.agreement.reference}",
        "quantity": "3.8333", "minutes": 230, "unit": "instrument_hour", "rate": "600.00",
        "gross": "2300.00", "discount_percent": 25, "discount": "575.00", "amount": "1725.00",
        "currency": "CNY", "agreement": story.agreement.reference,
    }  # fmt: skip
    assert (record["charges"][1]["quantity"], record["charges"][1]["minutes"]) == ("2", None)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"from": "2026-03-10T01:00:00Z"}, 1),
        ({"from": "2026-03-10T01:00:01Z"}, 0),
        ({"until": "2026-03-10T01:00:00Z"}, 0),
        ({"country": "KZ", "mode": "on_site", "institution": "almaty", "host": "east"}, 1),
        ({"field": "new_materials"}, 1),
        ({"field": "ocean"}, 0),
        ({"instrument": "another"}, 0),
    ],
)
def test_use_is_filtered(story, call, asked, count):
    assert call(story.manager, "GET", "/usage", **asked).get_json()["total"] == count


def test_a_quota_adds_up(story, call):
    (quota,) = call(story.liaison, "GET", "/quotas").get_json()["items"]
    assert quota == {
        "agreement": story.agreement.reference, "year": 2026, "granted_minutes": 6000,
        "carried_minutes": 0, "reserved_minutes": 0, "used_minutes": 230, "left_minutes": 5770,
    }  # fmt: skip
    assert call(story.liaison, "GET", "/quotas", agreement="other").get_json()["items"] == []
    assert call(make_person(make_institution()), "GET", "/quotas").get_json()["total"] == 0


def test_the_bookings_page_in_json_has_its_charges(story, call):
    booking = call(story.researcher, "GET", f"/bookings/{story.booking.reference}").get_json()
    assert [line["amount"] for line in booking["charges"]] == ["1725.00", "75.00"]


def test_a_month_is_issued_listed_and_read(story, call):
    answer = call(story.programme, "POST", "/statements", {"period": "2026-03"})
    assert answer.status_code == 201
    (issued,) = answer.get_json()["items"]
    assert (issued["number"], issued["total"], issued["minutes"]) == (
        "east-2026-03-0001",
        "1800.00",
        230,
    )
    assert issued["payer"]["slug"] == "almaty"
    listed = call(story.liaison, "GET", "/statements").get_json()
    assert listed["items"] == [issued]
    read = call(story.liaison, "GET", f"/statements/{issued['number']}").get_json()
    assert [line["amount"] for line in read["lines"]] == ["1725.00", "75.00"]
    assert (read["gross"], read["discount"]) == ("2400.00", "600.00")
    assert call(story.liaison, "GET", f"/statements/{issued['number']}.pdf").data.startswith(
        b"%PDF"
    )
    assert call(story.liaison, "GET", f"/statements/{issued['number']}.doc").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"period": "2026-3"}, 422, "invalid"),
        ({"period": "2026-03", "institution": "nowhere"}, 422, "invalid"),
        ({"period": "2026-04"}, 409, "period_open"),
        ({"period": "2025-12"}, 409, "nothing_to_bill"),
        ({"period": "2026-03", "colour": "red"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_issued(story, call, body, status, code):
    answer = call(story.programme, "POST", "/statements", body)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_permissions(story, call):
    call(story.programme, "POST", "/statements", {"period": "2026-03"})
    stranger = make_person(make_institution())
    path = "/statements/east-2026-03-0001"
    for person in (story.researcher, stranger):
        assert call(person, "POST", "/statements", {"period": "2026-03"}).status_code == 403
        assert call(person, "GET", path).status_code == 404
        assert call(person, "GET", f"{path}.csv").status_code == 404
        assert call(person, "GET", "/statements").get_json()["total"] == 0
    assert call(stranger, "GET", "/usage", booking=story.booking.reference).get_json()["total"] == 0


@pytest.mark.parametrize(
    "path", ["/usage", "/quotas", "/statements", "/statements/x", "/reports/contribution"]
)
def test_without_a_token_nothing_is_told(client, path):
    assert client.get(f"/api/v1{path}").status_code == 401


def test_lists_take_few_queries(story, call, count_queries):
    with count_queries() as queries:
        call(story.liaison, "GET", "/usage")
    assert queries.count <= 8, queries


def test_an_approval_beyond_the_quota_is_a_409_that_says_how_much_is_left(story, call, session):
    story.agreement.yearly_minutes = 300
    booking = story.asked(APRIL + timedelta(days=1), hours=4)
    session.commit()
    path = f"/bookings/{booking.reference}/actions/approve"
    for person in (story.manager, story.office):
        answer = call(person, "POST", path, {}, version=booking.version)
        session.refresh(booking)
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "quota_exhausted"
    assert answer.get_json()["left_minutes"] == 70
    assert booking.state == "submitted"
