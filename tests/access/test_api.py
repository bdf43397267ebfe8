"""GET /instruments/<slug>/eligibility."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.foundation.clock import now
from instrument_share.foundation.identifiers import digest_of
from instrument_share.identity.models import ApiToken

from ..support.builders import make_institution, make_instrument, make_person


@pytest.fixture
def headers(session):
    person = make_person(make_institution())
    session.add(
        ApiToken(
            person=person,
            label="test",
            digest=digest_of("secret"),
            created_at=now(),
            expires_at=now() + timedelta(days=1),
        )
    )
    return {"Authorization": "Bearer secret"}


def test_the_caller_is_told_every_condition(client, headers) -> None:
    make_instrument(slug="tem", modes=["remote"])
    answer = client.get("/api/v1/instruments/tem/eligibility?mode=remote", headers=headers)
    assert answer.json["eligible"] is True
    told = {"code", "met", "message", "action_url", "action_label"}
    assert told == set(answer.json["conditions"][0])
    other = client.get("/api/v1/instruments/tem/eligibility?mode=data", headers=headers)
    assert other.json["eligible"] is False
    unmet = [row["code"] for row in other.json["conditions"] if not row["met"]]
    assert unmet == ["mode_offered"]


def test_a_visitor_is_not_eligible_yet(client, session) -> None:
    make_instrument(slug="tem")
    answer = client.get("/api/v1/instruments/tem/eligibility")
    assert (answer.status_code, answer.json["eligible"]) == (200, False)
    assert answer.json["conditions"][0]["code"] == "signed_in"


def test_wrong_modes_and_instruments_are_told(client, session) -> None:
    make_instrument(slug="tem")
    wrong = client.get("/api/v1/instruments/tem/eligibility?mode=teleport")
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["mode"])
    assert client.get("/api/v1/instruments/none/eligibility?mode=remote").status_code == 404


def test_the_call_asks_few_queries(client, headers, count_queries) -> None:
    make_instrument(slug="tem")
    client.get("/api/v1/instruments/tem/eligibility", headers=headers)
    with count_queries() as queries:
        client.get("/api/v1/instruments/tem/eligibility?mode=on_site", headers=headers)
    assert queries.count <= 5, queries
