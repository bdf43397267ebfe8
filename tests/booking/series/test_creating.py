"""Series as they are checked and saved: what is had, left out, moved or refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.series.errors import NothingLeft, RuleNotTaken, SeriesConflict
from instrument_share.booking.series.models import Series
from instrument_share.booking.series.services import check_series, create_series
from instrument_share.booking.series.values import SeriesRequest
from instrument_share.foundation.interval import Interval
from instrument_share.schedule.models import Calendar
from tests.booking.series.stage import TOMORROW, WEEK, asked, block, made, occurrences, starts, told
from tests.support.builders import AT, make_agreement, make_closure, make_instrument, request_for
from tests.support.scene import make_scene


def test_every_occurrence_is_a_booking_of_its_own(scene, session):
    series = made(scene)
    rows = occurrences(scene, series)
    assert [row.starts_at for row in rows] == [TOMORROW + n * WEEK for n in range(4)]
    assert {row.state for row in rows} == {"submitted"}
    assert [row.occurrence for row in rows] == [row.starts_at for row in rows]
    assert all(row.steps[0].role == "facility_manager" for row in rows)
    assert session.query(Hold).count() == 4
    assert (series.first_start, series.minutes) == (datetime(2026, 3, 3, 12), 240)


def test_checking_writes_nothing(scene, session):
    block(scene, TOMORROW + WEEK)
    found = check_series(asked(scene), by=scene.applicant, at=AT)
    assert told(found) == [
        ("free", ""), ("conflict", "slot_taken"), ("free", ""), ("free", ""),
    ]  # fmt: skip
    assert session.query(Series).count() == 0
    assert session.query(Booking).count() == 1


def test_stop_saves_nothing_and_tells_all(scene, session):
    block(scene, TOMORROW + WEEK)
    with pytest.raises(SeriesConflict) as refused:
        made(scene)
    assert [each.code for each in refused.value.planned] == ["", "slot_taken", "", ""]
    assert session.query(Series).count() == 0


def test_skip_leaves_out_what_cannot_be_had(scene):
    block(scene, TOMORROW + WEEK)
    series, found = create_series(asked(scene, on_conflict="skip"), by=scene.applicant, at=AT)
    assert told(found)[1] == ("skipped", "slot_taken")
    assert starts(scene, series) == [TOMORROW, TOMORROW + 2 * WEEK, TOMORROW + 3 * WEEK]


def test_shift_moves_to_the_nearest_free_time_of_the_day(scene):
    block(scene, TOMORROW + WEEK, hours=2)
    series, found = create_series(asked(scene, on_conflict="shift"), by=scene.applicant, at=AT)
    nearest = TOMORROW + WEEK + timedelta(hours=2)
    assert found[1].shifted_to == Interval(nearest, nearest + timedelta(hours=4))
    second = occurrences(scene, series)[1]
    assert (second.starts_at, second.occurrence) == (nearest, TOMORROW + WEEK)


def test_shift_leaves_out_a_day_without_free_time(scene):
    midnight = datetime.fromisoformat("2026-03-10T00:00+08:00")
    make_closure(scene.instrument, Interval(midnight, midnight + timedelta(days=1)))
    found = check_series(asked(scene, on_conflict="shift"), by=scene.applicant, at=AT)
    assert told(found)[1] == ("skipped", "in_closure")
    assert found[1].shifted_to is None


def test_nothing_is_saved_where_nothing_is_left(scene, session):
    with pytest.raises(NothingLeft):
        made(scene, on_conflict="skip", starts_at=AT - timedelta(days=60))
    assert session.query(Series).count() == 0


def test_occurrences_that_meet_one_another_are_conflicts(scene):
    found = check_series(
        asked(scene, "FREQ=DAILY;COUNT=2;INTERVAL=1", hours=8), by=scene.applicant, at=AT
    )
    assert told(found) == [("free", ""), ("free", "")]
    make = make_instrument(scene.instrument.facility, longest_minutes=6000)
    request = SeriesRequest(request_for(make, hours=30), "FREQ=DAILY;COUNT=3")
    assert [each.code for each in check_series(request, by=scene.applicant, at=AT)] == [
        "", "slot_taken", "",
    ]  # fmt: skip


def test_the_whole_instrument_is_wanted_each_time(session):
    scene = make_scene(positions=2)
    block(scene, TOMORROW + WEEK)
    one = check_series(asked(scene), by=scene.applicant, at=AT)
    both = check_series(asked(scene, whole=True), by=scene.applicant, at=AT)
    assert [each.code for each in one] == ["", "", "", ""]
    assert [each.code for each in both] == ["", "slot_taken", "", ""]
    made(scene, on_conflict="skip", whole=True)
    assert session.query(Hold).count() == 1 + 3 * 2


def test_an_agreement_that_ends_before_the_series_is_told(scene):
    agreement = make_agreement(
        scene.instrument.facility.host, scene.applicant.institution, valid_until=date(2026, 3, 15)
    )
    found = check_series(asked(scene, agreement=agreement.reference), by=scene.applicant, at=AT)
    assert [each.code for each in found] == ["", "", *["agreement_not_usable"] * 2]


def test_a_rule_that_is_not_taken_is_a_fault_of_its_field(scene):
    for rrule, code in (
        ("FREQ=HOURLY;COUNT=3", "rule_frequency"),
        ("FREQ=WEEKLY", "rule_endless"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "rule_first"),
        ("FREQ=DAILY;COUNT=201", "rule_too_many"),
    ):
        with pytest.raises(RuleNotTaken) as refused:
            check_series(asked(scene, rrule), by=scene.applicant, at=AT)
        assert refused.value.code == code
        assert "rrule" in refused.value.fields


def test_checking_asks_the_database_as_often_for_two_as_for_fifty(scene, count_queries):
    def queries(count: int) -> int:
        request = asked(scene, f"FREQ=DAILY;COUNT={count}", "shift")
        with count_queries() as counted:
            check_series(request, by=scene.applicant, at=AT)
        return counted.count

    block(scene, TOMORROW)
    for n in range(2, 20):
        block(scene, TOMORROW + timedelta(days=n))
    assert queries(2) == queries(50) <= 6


def test_an_occurrence_costs_what_is_written_of_it(session, database, count_queries):
    """Its row, its steps (one by one on SQLite), its hold; what all have in common is read once."""
    each, counts = {"postgresql": 3, "sqlite": 4}[database.kind], {}
    for count in (2, 12):
        scene = make_scene()
        request = asked(scene, f"FREQ=DAILY;COUNT={count}")
        with count_queries() as counted:
            create_series(request, by=scene.applicant, at=AT)
        counts[count] = counted.count
        calendars = session.scalars(select(Calendar).where(Calendar.changed_at > AT)).all()
        assert not calendars  # each has one new version, and none is told for the future
    assert counts[12] - counts[2] <= 10 * each, counted
