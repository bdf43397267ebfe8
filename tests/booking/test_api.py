"""Bookings over the JSON API, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from instrument_share.booking.models import Booking
from instrument_share.foundation.identifiers import digest_of
from instrument_share.identity.models import ApiToken
from instrument_share.identity.rules import Role
from tests.support.builders import (
    AT,
    make_booking,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
    make_staff,
)

pytestmark = pytest.mark.usefixtures("present")

TOMORROW = AT + timedelta(days=1)


class Caller:
    """Speaks to the API with somebody's token."""

    def __init__(self, client, session, person) -> None:
        self.client, self.person = client, person
        secret = f"token-of-{person.id}"
        session.add(
            ApiToken(
                person=person, label="test", digest=digest_of(secret),
                created_at=AT, expires_at=AT + timedelta(days=90),
            )
        )  # fmt: skip
        session.flush()
        self.headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self.headers)

    def post(self, path, data, **headers):
        return self.client.post(f"/api/v1{path}", json=data, headers=self.headers | headers)

    def act(self, booking, action, version=None, **data):
        path = f"/bookings/{booking['reference']}/actions/{action}"
        return self.post(path, data, **{"If-Match": f'"{version or booking["version"]}"'})


@pytest.fixture
def facility(session):
    return make_facility()


@pytest.fixture
def instrument(facility):
    return make_instrument(facility)


@pytest.fixture
def researcher(client, session):
    return Caller(client, session, make_person(make_institution()))


@pytest.fixture
def manager(client, session, facility):
    return Caller(client, session, make_staff(Role.FACILITY_MANAGER, facility))


def wanted(instrument, **values):
    return {
        "instrument": instrument.slug,
        "starts_at": TOMORROW.isoformat(),
        "ends_at": (TOMORROW + timedelta(hours=4)).isoformat(),
        "access_mode": "on_site",
        "purpose": "薄膜截面 / срез плёнки / مقطع رقيق 🔬",
        "samples": [{"name": "Film", "count": 3}],
    } | values


def test_a_booking_is_asked_for_and_told_in_full(instrument, researcher):
    answer = researcher.post("/bookings", wanted(instrument))
    assert answer.status_code == 201
    booking = answer.json
    assert booking["state"] == "submitted"
    assert booking["purpose"] == "薄膜截面 / срез плёнки / مقطع رقيق 🔬"
    assert booking["starts_at"] == "2026-03-03T04:00:00Z"
    assert booking["samples"] == [
        {"name": "Film", "count": 3, "hazard": "", "afterwards": "return"}
    ]
    assert booking["approval"][0]["step"] == "facility_manager"
    assert booking["actions"] == ["withdraw", "reschedule", "cancel"]
    assert researcher.get(f"/bookings/{booking['reference']}").json == booking


def test_to_book_takes_a_fixed_number_of_statements(
    instrument, researcher, manager, session, count_queries, database
):
    one_by_one = database.kind == "sqlite"  # the two steps of a request from abroad get their ids
    session.commit()
    with count_queries() as queries:
        assert researcher.post("/bookings", wanted(instrument, samples=[])).status_code == 201
    assert queries.count <= 11 + one_by_one, queries
    with count_queries() as queries:
        assert researcher.post("/bookings", wanted(instrument)).status_code == 409
    assert queries.count <= 10, queries


def test_what_is_taken_comes_back_with_what_can_be_had(instrument, researcher, session):
    make_booking(instrument, make_person(make_institution()))
    answer = researcher.post("/bookings", wanted(instrument))
    assert (answer.status_code, answer.json["code"]) == (409, "slot_taken")
    near = answer.json["alternatives"][0]
    assert near["kind"] == "same"
    assert researcher.post(
        "/bookings", wanted(instrument, starts_at=near["starts_at"], ends_at=near["ends_at"])
    ).status_code == 201  # fmt: skip


def test_an_idempotency_key_answers_once(instrument, researcher, session):
    first = researcher.post("/bookings", wanted(instrument), **{"Idempotency-Key": "k"})
    again = researcher.post("/bookings", wanted(instrument), **{"Idempotency-Key": "k"})
    other = researcher.post(
        "/bookings", wanted(instrument, purpose="x"), **{"Idempotency-Key": "k"}
    )
    assert (first.status_code, again.json) == (201, first.json)
    assert other.status_code in (409, 422)
    assert session.query(Booking).count() == 1


def test_a_refused_request_leaves_its_key_unused(instrument, researcher):
    late = wanted(instrument, ends_at=TOMORROW.isoformat())
    assert researcher.post("/bookings", late, **{"Idempotency-Key": "k"}).status_code == 422
    assert (
        researcher.post("/bookings", wanted(instrument), **{"Idempotency-Key": "k"}).status_code
        == 201
    )


def test_actions_need_the_version_and_the_right_person(instrument, researcher, manager):
    booking = researcher.post("/bookings", wanted(instrument)).json
    path = f"/bookings/{booking['reference']}/actions/approve"
    assert manager.post(path, {}).status_code == 428
    assert manager.post(path, {}, **{"If-Match": '"nine"'}).status_code == 422
    stale = manager.act(booking, "approve", version=999)
    assert (stale.status_code, stale.json["code"]) == (409, "stale_version")
    assert researcher.act(booking, "approve").status_code == 403
    assert manager.act(booking, "reject").status_code == 422
    assert manager.act(booking, "start").json["code"] == "wrong_state"
    approved = manager.act(booking, "approve", comment="Welcome")
    assert approved.json["approval"][0]["comment"] == "Welcome"
    assert approved.json["version"] > booking["version"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ends_at": TOMORROW.isoformat()}, "ends_at"),
    ({"starts_at": "2030-01-01T10:00:00"}, "starts_at"),
    ({"starts_at": "2030-02-30T10:00:00Z"}, "starts_at"),
    ({"access_mode": "teleport"}, "access_mode"),
    ({"access_mode": "remote"}, "access_mode"),
    ({"samples": "ten"}, "samples"),
    ({"samples": [{"name": "A", "count": 0}]}, "samples.0.count"),
    ({"purpose": 7}, "purpose"),
    ({"purpose": " \n "}, "purpose"),
    ({"purpose": "a\u0000b"}, "purpose"),
    ({"instrument": "none"}, "instrument"),
    ({"instrument": "a\r\nb"}, "instrument"),
    ({"submit": "yes"}, "submit"),
    ({"colour": "red"}, "colour"),
    ({"agreement": "A-none"}, "agreement"),
    ({"project": "P-none"}, "project"),
]


def test_wrong_values_are_named_field_by_field(instrument, researcher, session):
    for change, field in WRONG:
        answer = researcher.post("/bookings", wanted(instrument) | change)
        assert answer.status_code == 422, change
        assert field in answer.json["errors"], change
        assert session.query(Booking).count() == 0, change


def test_availability_tells_free_and_busy(instrument, researcher):
    make_booking(instrument, researcher.person)
    day = {"from": AT.isoformat(), "until": (AT + timedelta(days=3)).isoformat()}
    answer = researcher.get(f"/instruments/{instrument.slug}/availability", **day).json
    assert answer["busy"] == [
        {
            "from": "2026-03-03T04:00:00Z",
            "until": "2026-03-03T08:00:00Z",
            "kind": "booked",
            "title": "",
        }
    ]
    assert [stretch["from"] for stretch in answer["free"]] == [
        "2026-03-02T04:00:00Z",
        "2026-03-03T08:00:00Z",
    ]
    backwards = {"from": day["until"], "until": day["from"]}
    wrong = researcher.get(f"/instruments/{instrument.slug}/availability", **backwards)
    assert wrong.status_code == 422


def test_lists_filter_and_page(instrument, researcher, manager):
    for day in range(1, 4):
        make_booking(instrument, researcher.person, starts_at=AT + timedelta(days=day))
    page = researcher.get("/bookings", page_size=2, page=2).json
    assert (page["total"], len(page["items"]), page["page"]) == (3, 1, 2)
    assert researcher.get("/bookings", state="confirmed").json["total"] == 0
    later = {"from": (AT + timedelta(days=2)).isoformat()}
    assert researcher.get("/bookings", **later).json["total"] == 2
    assert manager.get("/approvals").json["total"] == 3
    reference = page["items"][0]["reference"]
    other = make_booking(
        instrument,
        make_person(make_institution(), display_name="Wu Mei"),
        starts_at=AT + timedelta(days=9),
    )
    for caller, words, found in (
        (manager, reference.lower(), [reference]),
        (manager, "wu m", [other.reference]),
        (manager, "w_ m", []),  # no pattern
        (researcher, other.reference, []),  # not theirs to see
        (researcher, "Wu", []),
    ):
        listed = caller.get("/bookings", q=words).json
        assert [each["reference"] for each in listed["items"]] == found, words
    assert manager.get("/bookings", q="x" * 81).status_code == 422
    assert researcher.get("/approvals").json["total"] == 0
    assert researcher.get("/bookings", state="lost").status_code == 422


def test_lists_take_the_same_number_of_queries_whatever_their_length(
    instrument, researcher, manager, session, count_queries
):
    make_booking(instrument, researcher.person)
    session.commit()
    with count_queries() as one:
        manager.get("/approvals")
    for day in range(2, 22):
        make_booking(instrument, researcher.person, starts_at=AT + timedelta(days=day))
    session.commit()
    with count_queries() as many:
        assert len(manager.get("/approvals").json["items"]) == 21
    assert many.count == one.count <= 8, many


def test_asking_takes_a_bounded_number_of_queries(instrument, researcher, count_queries):
    with count_queries() as asked:
        assert researcher.post("/bookings", wanted(instrument)).status_code == 201
    assert asked.count <= 13, asked  # with samples
    with count_queries() as refused:
        assert researcher.post("/bookings", wanted(instrument)).status_code == 409
    assert refused.count <= 8, refused
