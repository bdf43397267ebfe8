"""Series that are cancelled and moved: one occurrence, it and the following, or all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from instrument_share.booking import services as bookings
from instrument_share.booking.models import Hold
from instrument_share.booking.series.errors import SeriesConflict
from instrument_share.booking.series.planning import OnConflict
from instrument_share.booking.series.queries import series_for
from instrument_share.booking.series.services import cancel_series, reschedule_series
from instrument_share.booking.series.values import Extent, Reach
from instrument_share.foundation.errors import DomainError, Forbidden, NotFound, StaleVersion
from instrument_share.identity.models import AuditEntry
from tests.booking.series.stage import TOMORROW, WEEK, block, made, occurrences, starts, states
from tests.support.builders import AT, make_institution, make_person
from tests.support.scene import make_scene


def test_one_the_following_or_all_are_cancelled(scene, session):
    def cancelled(scope: Extent) -> list[bool]:
        series = made(scene)
        origin = occurrences(scene, series)[2].reference
        cancel_series(
            series.reference, by=scene.applicant, at=AT, version=None, reach=Reach(scope, origin)
        )
        found = [state == "cancelled" for state in states(scene, series)]
        if not all(found):
            cancel_series(series.reference, by=scene.applicant, at=AT, version=None, reach=Reach())
        return found

    assert cancelled(Extent.ONE) == [False, False, True, False]
    assert cancelled(Extent.FOLLOWING) == [False, False, True, True]
    assert cancelled(Extent.ALL) == [True] * 4
    assert session.query(Hold).count() == 0


def test_what_is_over_is_not_cancelled_with_the_rest(scene):
    series = made(scene)
    later = AT + timedelta(days=10)
    cancel_series(series.reference, by=scene.applicant, at=later, version=None, reach=Reach())
    assert states(scene, series) == ["submitted", "submitted", "cancelled", "cancelled"]


def test_all_move_by_as_much_on_the_wall_clock(session):
    scene = make_scene()
    scene.instrument.facility.time_zone = "Europe/Berlin"
    series = made(
        scene, "FREQ=WEEKLY;COUNT=5", starts_at=datetime.fromisoformat("2026-03-16T09:00+01:00")
    )
    origin = occurrences(scene, series)[0]
    reschedule_series(
        series.reference, by=scene.applicant, at=AT, version=None, reach=Reach(Extent.ALL, origin.reference),
        starts_at=datetime.fromisoformat("2026-03-17T10:30+01:00"),
        ends_at=datetime.fromisoformat("2026-03-17T12:30+01:00"),
    )  # fmt: skip
    assert [start.astimezone(UTC).isoformat() for start in starts(scene, series)] == [
        "2026-03-17T09:30:00+00:00", "2026-03-24T09:30:00+00:00",  # winter
        "2026-03-31T08:30:00+00:00", "2026-04-07T08:30:00+00:00", "2026-04-14T08:30:00+00:00",
    ]  # fmt: skip
    assert {row.slot.minutes for row in occurrences(scene, series)} == {120}
    assert occurrences(scene, series)[0].occurrence == datetime.fromisoformat(
        "2026-03-16T09:00+01:00"
    )


@pytest.mark.parametrize("days", [1, -1])
def test_a_daily_series_moves_past_itself(scene, days):
    begin = AT + timedelta(days=5)
    series = made(scene, "FREQ=DAILY;COUNT=4", starts_at=begin)
    before = starts(scene, series)
    moved = begin + timedelta(days=days)
    reschedule_series(
        series.reference, by=scene.applicant, at=AT, version=None, reach=Reach(),
        starts_at=moved, ends_at=moved + timedelta(hours=4),
    )  # fmt: skip
    assert starts(scene, series) == [start + timedelta(days=days) for start in before]


def test_nothing_moves_where_one_cannot_unless_it_may_stay(scene, session):
    series = made(scene)
    before = starts(scene, series)
    new = TOMORROW + timedelta(hours=6)
    block(scene, new + 2 * WEEK)
    session.commit()
    move = {"by": scene.applicant, "at": AT, "reach": Reach(), "starts_at": new,
            "ends_at": new + timedelta(hours=4)}  # fmt: skip
    with pytest.raises(SeriesConflict) as refused:
        reschedule_series(series.reference, version=None, **move)
    session.rollback()
    assert [each.code for each in refused.value.planned] == ["", "", "slot_taken", ""]
    assert starts(scene, series) == before
    reschedule_series(series.reference, version=None, on_conflict=OnConflict.SKIP, **move)
    assert starts(scene, series) == [new, new + WEEK, before[2], new + 3 * WEEK]
    assert session.query(Hold).count() == 5
    session.commit()
    moved = select(func.count()).where(AuditEntry.action == "booking.reschedule")
    assert session.scalar(moved) == 3


def test_only_the_applicant_moves_and_strangers_see_nothing(scene):
    series = made(scene)
    new = {"starts_at": TOMORROW + WEEK / 7, "ends_at": TOMORROW + WEEK / 7 + timedelta(hours=4)}
    with pytest.raises(Forbidden):
        reschedule_series(
            series.reference, by=scene.manager, at=AT, version=None, reach=Reach(), **new
        )
    stranger = make_person(make_institution())
    for act in (
        lambda: series_for(stranger, series.reference),
        lambda: cancel_series(series.reference, by=stranger, at=AT, version=None, reach=Reach()),
        lambda: reschedule_series(
            series.reference, by=stranger, at=AT, version=None, reach=Reach(), **new
        ),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_change_of_one_occurrence_makes_the_series_stale(scene):
    series = made(scene)
    seen = series_for(scene.applicant, series.reference).version
    second = occurrences(scene, series)[1]
    bookings.cancel(second.reference, by=scene.applicant, at=AT, version=None)
    with pytest.raises(StaleVersion):
        cancel_series(series.reference, by=scene.applicant, at=AT, version=seen, reach=Reach())


def test_a_booking_of_another_series_is_not_its_origin(scene):
    series, other = made(scene), made(scene, starts_at=TOMORROW + timedelta(hours=8))
    with pytest.raises(DomainError):
        cancel_series(
            series.reference, by=scene.applicant, at=AT, version=None,
            reach=Reach(Extent.ONE, occurrences(scene, other)[0].reference),
        )  # fmt: skip
