"""Utilisation: used of open time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from instrument_share.booking.availability.opening import hours_of, open_minutes
from instrument_share.foundation.errors import Forbidden, InvalidInput
from instrument_share.foundation.interval import Interval
from instrument_share.reporting.queries import utilisation_for
from instrument_share.reporting.rules import Level, Utilisation

from ..accounting.story import begin
from ..support.builders import make_closure, make_instrument
from ..support.signing import sign_in

MONDAY = datetime(2026, 3, 8, 16, tzinfo=UTC)  # midnight in Shanghai
WEEK = Interval(MONDAY, MONDAY + timedelta(days=7))
OFFICE = {day: ["08:00-12:00", "13:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
SHANGHAI = ZoneInfo("Asia/Shanghai")


def hours(start: float, end: float) -> Interval:
    return Interval(MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=end))


@pytest.mark.parametrize(
    ("positions", "openings", "closures", "expected"),
    [
        (1, [], [], 40),
        (3, [], [], 120),
        (1, [hours(5 * 24 + 10, 5 * 24 + 14)], [], 44),  # Saturday
        (1, [], [hours(10, 34)], 32),  # Monday 10:00 to Tuesday 10:00
        (1, [hours(8, 12)], [], 40),  # open already
        (2, [], [hours(0, 168)], 0),
    ],
)
def test_open_time_is_hours_less_closures_of_all_positions(positions, openings, closures, expected):
    found = open_minutes(
        hours_of(OFFICE, SHANGHAI), WEEK, positions=positions, openings=openings, closures=closures
    )
    assert found == expected * 60


def test_without_open_time_there_is_no_share():
    assert Utilisation("a", {}, 0, 60).share is None
    assert Utilisation("a", {}, 120, 60).share == 0.5


@pytest.fixture
def story(session):
    story = begin()
    story.used(MONDAY + timedelta(hours=9))
    story.instrument.opening = OFFICE
    idle = make_instrument(story.facility, opening=OFFICE, positions=2)
    make_instrument(story.facility, status="retired")
    make_closure(idle, hours(0, 24))
    session.commit()
    story.idle = idle
    return story


def test_by_instrument_the_most_used_first(story):
    rows = utilisation_for(story.manager, WEEK, Level.INSTRUMENT)
    assert [(row.key, row.open_minutes, row.used_minutes) for row in rows] == [
        (story.instrument.slug, 2400, 240), (story.idle.slug, 2 * 1920, 0),
    ]  # fmt: skip
    assert rows[0].share == pytest.approx(0.1)


@pytest.mark.parametrize("level", [Level.FACILITY, Level.HOST])
def test_by_facility_and_by_host_everything_is_added(story, level):
    (row,) = utilisation_for(story.programme, WEEK, level)
    assert (row.open_minutes, row.used_minutes) == (2400 + 3840, 240)


def test_a_year_at_most_and_only_for_those_who_report(story):
    with pytest.raises(InvalidInput):
        utilisation_for(story.manager, Interval(MONDAY, MONDAY + timedelta(days=367)), Level.HOST)
    with pytest.raises(Forbidden):
        utilisation_for(story.researcher, WEEK, Level.HOST)


def test_the_call(story, client, count_queries):
    sign_in(client, story.manager)
    asked = {"from": WEEK.start.isoformat(), "until": WEEK.end.isoformat(), "by": "facility"}
    with count_queries() as queries:
        found = client.get("/api/v1/reports/utilisation", query_string=asked).get_json()
    assert queries.count <= 6, queries
    assert found["items"][0]["used_minutes"] == 240
    assert found["by"] == "facility"
    assert client.get("/api/v1/reports/utilisation?by=moon").status_code == 422
    backwards = {"from": asked["until"], "until": asked["from"]}
    assert client.get("/api/v1/reports/utilisation", query_string=backwards).status_code == 422
