"""Series over the JSON API, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.booking.models import Booking
from instrument_share.booking.series.models import Series
from tests.booking.test_api import Caller
from tests.support.builders import AT, make_booking, make_institution, make_person
from tests.support.scene import Scene

pytestmark = pytest.mark.usefixtures("present")

TOMORROW = AT + timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
def researcher(client, session, scene) -> Caller:
    return Caller(client, session, scene.applicant)


def wanted(scene: Scene, **values):
    return {
        "instrument": scene.instrument.slug,
        "starts_at": TOMORROW.isoformat(),
        "ends_at": (TOMORROW + timedelta(hours=4)).isoformat(),
        "access_mode": "on_site",
        "purpose": "薄膜 / плёнка / رقيق",
        "rrule": "FREQ=WEEKLY;COUNT=3",
    } | values


def block_second_week(scene: Scene, session) -> None:
    make_booking(
        scene.instrument, make_person(make_institution()), starts_at=TOMORROW + WEEK, hours=2
    )
    session.flush()


def act(caller: Caller, series, action, **data):
    path = f"/series/{series['reference']}/actions/{action}"
    return caller.post(path, data, **{"If-Match": f'"{series["version"]}"'})


def test_a_dry_run_tells_every_occurrence_and_saves_nothing(scene, researcher, session):
    block_second_week(scene, session)
    answer = researcher.post("/series", wanted(scene, dry_run=True, on_conflict="shift"))
    assert answer.status_code == 200
    assert answer.json["description"] == "every week on Tuesday, 3 times"
    assert [each["status"] for each in answer.json["occurrences"]] == ["free", "shifted", "free"]
    assert answer.json["occurrences"][1] == {
        "local_start": "2026-03-10T12:00",
        "starts_at": "2026-03-10T04:00:00Z",
        "ends_at": "2026-03-10T08:00:00Z",
        "status": "shifted",
        "code": "slot_taken",
        "message": "Somebody else has this time.",
        "shifted_to": {"starts_at": "2026-03-10T06:00:00Z", "ends_at": "2026-03-10T10:00:00Z"},
        "reference": "",
    }
    assert session.query(Series).count() == 0


def test_a_series_is_saved_and_read(scene, researcher):
    answer = researcher.post("/series", wanted(scene))
    assert answer.status_code == 201
    series = answer.json
    assert (series["rrule"], series["minutes"], series["first_start"]) == (
        "FREQ=WEEKLY;COUNT=3", 240, "2026-03-03T12:00",
    )  # fmt: skip
    assert [each["state"] for each in series["occurrences"]] == ["submitted"] * 3
    assert {each["series"] for each in series["occurrences"]} == {series["reference"]}
    assert series["left_out"] == []
    assert researcher.get(f"/series/{series['reference']}").json == series
    single = researcher.get(f"/bookings/{series['occurrences'][1]['reference']}").json
    assert single["occurrence"] == "2026-03-10T04:00:00Z"


def test_stop_answers_with_what_stands_in_the_way(scene, researcher, session):
    block_second_week(scene, session)
    answer = researcher.post("/series", wanted(scene))
    assert (answer.status_code, answer.json["code"]) == (409, "series_conflict")
    assert [each["code"] for each in answer.json["occurrences"]] == ["", "slot_taken", ""]
    skipped = researcher.post("/series", wanted(scene, on_conflict="skip")).json
    assert [each["starts_at"] for each in skipped["left_out"]] == ["2026-03-10T04:00:00Z"]
    assert len(skipped["occurrences"]) == 2


def test_an_idempotency_key_makes_one_series(scene, researcher, session):
    first = researcher.post("/series", wanted(scene), **{"Idempotency-Key": "k"})
    again = researcher.post("/series", wanted(scene), **{"Idempotency-Key": "k"})
    assert first.json == again.json
    assert (session.query(Series).count(), session.query(Booking).count()) == (1, 3)


BAD_INPUT = [
    ({"rrule": "FREQ=SECONDLY;COUNT=3"}, "rrule", "rule_frequency"),
    ({"rrule": "FREQ=DAILY;UNTIL=20260401"}, "rrule", "rule_until"),
    ({"rrule": "FREQ=DAILY;BYHOUR=1,2,3;COUNT=3"}, "rrule", "rule_part"),
    ({"rrule": None}, "rrule", "invalid"),
    ({"on_conflict": "perhaps"}, "on_conflict", "invalid"),
    ({"dry_run": "yes"}, "dry_run", "invalid"),
    ({"submit": False}, "submit", "invalid"),
    ({"series_id": 1}, "series_id", "invalid"),
    ({"access_mode": "remote"}, "access_mode", "invalid"),
    ({"instrument": "nothing"}, "instrument", "unknown_instrument"),
    ({"ends_at": TOMORROW.isoformat()}, "ends_at", "end_before_start"),
]


def test_bad_input_is_told_at_its_field(scene, researcher):
    for values, field, code in BAD_INPUT:
        answer = researcher.post("/series", wanted(scene, **values))
        assert (answer.status_code, answer.json["code"]) == (422, code), values
        assert field in answer.json["errors"], values


def test_occurrences_are_moved_and_cancelled(scene, researcher):
    series = researcher.post("/series", wanted(scene)).json
    second = series["occurrences"][1]["reference"]
    moved = act(
        researcher, series, "reschedule", **{"from": second}, scope="following",
        starts_at="2026-03-11T01:00:00Z", ends_at="2026-03-11T03:00:00Z",
    ).json  # fmt: skip
    assert [each["starts_at"] for each in moved["occurrences"]] == [
        "2026-03-03T04:00:00Z", "2026-03-11T01:00:00Z", "2026-03-18T01:00:00Z",
    ]  # fmt: skip
    stale = act(researcher, series, "cancel")
    assert (stale.status_code, stale.json["code"]) == (409, "stale_version")
    gone = act(researcher, moved, "cancel", scope="one", **{"from": second}, comment="Ill.").json
    assert [each["state"] for each in gone["occurrences"]] == [
        "submitted", "cancelled", "submitted",
    ]  # fmt: skip


def test_changes_need_the_version_that_was_seen(scene, researcher):
    series = researcher.post("/series", wanted(scene)).json
    answer = researcher.post(f"/series/{series['reference']}/actions/cancel", {})
    assert answer.status_code == 428


def test_a_decision_takes_all(scene, researcher, client, session):
    series = researcher.post("/series", wanted(scene)).json
    manager = Caller(client, session, scene.manager)
    refused = act(manager, series, "reject")
    assert (refused.status_code, refused.json["code"]) == (422, "comment_required")
    assert act(researcher, series, "approve").status_code == 403
    approved = act(manager, series, "approve").json
    assert [each["approval"][0]["status"] for each in approved["occurrences"]] == ["approved"] * 3
    stranger = Caller(client, session, make_person(make_institution()))
    assert stranger.get(f"/series/{series['reference']}").status_code == 404
    assert act(stranger, series, "cancel").status_code == 404


def test_reading_asks_as_often_for_three_as_for_thirty(scene, researcher, count_queries):
    def queries(count: int, hour: int) -> int:
        start = TOMORROW + timedelta(hours=hour)
        end = start + timedelta(hours=1)
        series = researcher.post(
            "/series",
            wanted(
                scene, rrule=f"FREQ=DAILY;COUNT={count}", starts_at=start.isoformat(),
                ends_at=end.isoformat(),
            ),
        ).json  # fmt: skip
        with count_queries() as counted:
            researcher.get(f"/series/{series['reference']}")
        return counted.count

    assert queries(3, 0) == queries(30, 2) <= 9
