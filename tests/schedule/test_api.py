"""`GET /api/v1/schedule`: what is taken of all instruments."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.demo.synthetic import generate
from tests.support.builders import AT, make_booking, make_institution, make_instrument, make_person

WEEK = {"from": AT.isoformat(), "until": (AT + timedelta(weeks=1)).isoformat()}


def test_it_shows_what_is_held_with_setup_and_teardown(client, session):
    instrument = make_instrument(setup_minutes=30, teardown_minutes=60)
    make_booking(instrument, make_person(make_institution()), starts_at=AT + timedelta(days=1))
    shown = client.get("/api/v1/schedule", query_string=WEEK | {"lang": "zh-Hans"}).get_json()
    assert shown["instruments"] == [
        {
            "slug": instrument.slug,
            "name": instrument.names["zh-Hans"],
            "time_zone": "Asia/Shanghai",
            "taken": [
                {
                    "from": "2026-03-03T03:30:00Z",
                    "until": "2026-03-03T09:00:00Z",
                    "kind": "tentative",
                }
            ],
        }
    ]


def test_it_takes_two_statements_however_many_there_are(client, session, count_queries):
    generate(30, 600, at=AT)
    with count_queries() as queries:
        shown = client.get("/api/v1/schedule", query_string=WEEK).get_json()
    assert sum(len(each["taken"]) for each in shown["instruments"]) > 500
    assert queries.count <= 2, queries


@pytest.mark.parametrize("until", [AT, AT - timedelta(days=1), AT + timedelta(weeks=6)])
def test_a_window_that_is_empty_or_too_long_is_refused(client, session, until):
    answer = client.get("/api/v1/schedule", query_string=WEEK | {"until": until.isoformat()})
    assert answer.status_code == 422
    assert "until" in answer.get_json()["errors"]
