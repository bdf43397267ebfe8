"""Series as the services make, decide and change them, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from instrument_share.access.models import Agreement
from instrument_share.accounting.services import grant_due
from instrument_share.booking import services as bookings
from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.series.errors import (
    NothingLeft,
    NothingToDo,
    OccurrenceRefused,
    RuleNotTaken,
    SeriesConflict,
)
from instrument_share.booking.series.models import Series
from instrument_share.booking.series.planning import OnConflict, Told
from instrument_share.booking.series.queries import series_for
from instrument_share.booking.series.services import (
    approve_series,
    cancel_series,
    check_series,
    create_series,
    reject_series,
    reschedule_series,
)
from instrument_share.booking.series.values import Reach, Scope, SeriesRequest
from instrument_share.booking.waiting.services import join
from instrument_share.booking.waiting.values import JoinRequest
from instrument_share.foundation.errors import DomainError, Forbidden, NotFound, StaleVersion
from instrument_share.foundation.interval import Interval
from instrument_share.notification.models import Message
from instrument_share.schedule.models import Calendar
from tests.support.builders import (
    AT,
    make_agreement,
    make_booking,
    make_closure,
    make_institution,
    make_instrument,
    make_person,
    request_for,
)
from tests.support.scene import Scene, make_scene

TOMORROW = AT + timedelta(days=1)  # a Tuesday, noon in Shanghai
WEEK = timedelta(days=7)
FOUR = "FREQ=WEEKLY;COUNT=4"


@pytest.fixture
def scene(session) -> Scene:
    return make_scene()


def asked(scene: Scene, rrule: str = FOUR, on_conflict: str = "stop", **first) -> SeriesRequest:
    return SeriesRequest(request_for(scene.instrument, **first), rrule, OnConflict(on_conflict))


def made(scene: Scene, rrule: str = FOUR, on_conflict: str = "stop", **first) -> Series:
    series, _ = create_series(asked(scene, rrule, on_conflict, **first), by=scene.applicant, at=AT)
    return series


def occurrences(scene: Scene, series: Series) -> list[Booking]:
    return list(series_for(scene.applicant, series.reference).bookings)


def starts(scene: Scene, series: Series) -> list[datetime]:
    return [booking.starts_at for booking in occurrences(scene, series)]


def states(scene: Scene, series: Series) -> list[str]:
    return [booking.state for booking in occurrences(scene, series)]


def told(view: list[Told]) -> list[tuple[str, str]]:
    return [(each.status.value, each.code) for each in view]


def block(scene: Scene, start: datetime, hours: float = 4) -> Booking:
    """Somebody else has the instrument."""
    return make_booking(
        scene.instrument, make_person(make_institution()), starts_at=start, hours=hours
    )


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
    assert [each.code for each in refused.value.told] == ["", "slot_taken", "", ""]
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


def test_an_occurrence_costs_what_is_written_of_it_and_one_look(session, database, count_queries):
    """Its row, its steps (one by one on SQLite), its hold; what all have in common is read once."""
    each, counts = {"postgresql": 4, "sqlite": 5}[database.kind], {}
    for count in (2, 12):
        scene = make_scene()
        request = asked(scene, f"FREQ=DAILY;COUNT={count}")
        with count_queries() as counted:
            create_series(request, by=scene.applicant, at=AT)
        counts[count] = counted.count
        calendars = session.scalars(select(Calendar).where(Calendar.changed_at > AT)).all()
        assert not calendars  # each has one new version, and none is told for the future
    assert counts[12] - counts[2] <= 10 * each, counted


def test_a_decision_decides_for_the_whole_series(scene):
    series = made(scene)
    approve_series(series.reference, by=scene.manager, at=AT, version=None)
    assert states(scene, series) == ["submitted"] * 4
    view = approve_series(series.reference, by=scene.office, at=AT, version=None, comment="Fine.")
    assert [row.state for row in view.bookings] == ["confirmed"] * 4
    assert all(row.steps[1].decided_by is scene.office for row in view.bookings)


def test_one_occurrence_is_decided_by_itself_and_the_rest_together(scene):
    series = made(scene)
    odd = occurrences(scene, series)[1]
    bookings.reject(odd.reference, by=scene.manager, at=AT, version=None, comment="Holiday.")
    approve_series(series.reference, by=scene.manager, at=AT, version=None)
    approve_series(series.reference, by=scene.office, at=AT, version=None)
    assert states(scene, series) == ["confirmed", "rejected", "confirmed", "confirmed"]


def test_whoever_is_not_asked_does_not_decide(scene):
    series = made(scene)
    with pytest.raises(Forbidden):
        approve_series(series.reference, by=scene.office, at=AT, version=None)
    with pytest.raises(Forbidden):
        approve_series(series.reference, by=scene.applicant, at=AT, version=None)
    with pytest.raises(NotFound):
        approve_series(series.reference, by=make_person(make_institution()), at=AT, version=None)
    reject_series(series.reference, by=scene.manager, at=AT, version=None, comment="No.")
    assert states(scene, series) == ["rejected"] * 4
    with pytest.raises(NothingToDo):
        approve_series(series.reference, by=scene.manager, at=AT, version=None)


def test_a_quota_that_ends_before_the_series_confirms_nothing(scene, session):
    agreement = make_agreement(
        scene.instrument.facility.host, scene.applicant.institution, yearly_minutes=3 * 240
    )
    grant_due(agreement, at=AT)
    series = made(scene)
    assert {row.agreement for row in occurrences(scene, series)} == {agreement}
    approve_series(series.reference, by=scene.manager, at=AT, version=None)
    session.commit()
    fourth = occurrences(scene, series)[3].reference
    with pytest.raises(OccurrenceRefused) as refused:
        approve_series(series.reference, by=scene.office, at=AT, version=None)
    session.rollback()
    assert refused.value.code == "quota_exhausted"
    assert fourth in str(refused.value)
    assert states(scene, series) == ["submitted"] * 4
    assert session.get(Agreement, agreement.id) is not None


def test_one_the_following_or_all_are_cancelled(scene, session):
    def cancelled(scope: Scope) -> list[bool]:
        series = made(scene)
        origin = occurrences(scene, series)[2].reference
        cancel_series(
            series.reference, by=scene.applicant, at=AT, version=None, reach=Reach(scope, origin)
        )
        found = [state == "cancelled" for state in states(scene, series)]
        if not all(found):
            cancel_series(series.reference, by=scene.applicant, at=AT, version=None, reach=Reach())
        return found

    assert cancelled(Scope.ONE) == [False, False, True, False]
    assert cancelled(Scope.FOLLOWING) == [False, False, True, True]
    assert cancelled(Scope.ALL) == [True] * 4
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
        series.reference, by=scene.applicant, at=AT, version=None, reach=Reach(Scope.ALL, origin.reference),
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
    assert [each.code for each in refused.value.told] == ["", "", "slot_taken", ""]
    assert starts(scene, series) == before
    reschedule_series(series.reference, version=None, on_conflict=OnConflict.SKIP, **move)
    assert starts(scene, series) == [new, new + WEEK, before[2], new + 3 * WEEK]
    assert session.query(Hold).count() == 5


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
            reach=Reach(Scope.ONE, occurrences(scene, other)[0].reference),
        )  # fmt: skip


def test_everybody_is_told_once_of_the_series(scene, session):
    def messages() -> list[tuple[int, str, int]]:
        rows = session.query(Message).order_by(Message.id).all()
        found = [(row.person_id, row.kind, len(row.facts.get("occurrences", [0]))) for row in rows]
        session.query(Message).update({"booking_id": None})  # as if they were of long ago
        return found

    series = made(scene)
    assert messages() == [
        (scene.applicant.id, "received", 4), (scene.manager.id, "decision_needed", 4),
    ]  # fmt: skip
    approve_series(series.reference, by=scene.manager, at=AT, version=None)
    assert messages()[2:] == [(scene.office.id, "decision_needed", 4)]
    bookings.reject(
        occurrences(scene, series)[0].reference, by=scene.office, at=AT, version=None, comment="No"
    )
    approve_series(series.reference, by=scene.office, at=AT, version=None)
    assert messages()[3:] == [
        (scene.applicant.id, "rejected", 1),
        (scene.applicant.id, "confirmed", 3), (scene.operator.id, "expected", 3),
    ]  # fmt: skip
    cancel_series(series.reference, by=scene.applicant, at=AT, version=None, reach=Reach())
    assert messages()[6:] == [
        (scene.applicant.id, "cancelled", 3), (scene.operator.id, "called_off", 3),
    ]  # fmt: skip


def test_whoever_was_asked_about_the_series_hears_that_it_is_off(scene, session):
    series = made(scene)
    cancel_series(series.reference, by=scene.applicant, at=AT, version=None, reach=Reach())
    last = session.query(Message).order_by(Message.id.desc()).first()
    assert (last.person_id, last.kind) == (scene.manager.id, "settled_without_you")


def test_whoever_waits_for_a_cancelled_time_is_told_at_once(scene, session):
    series, waiter = made(scene), make_person(make_institution())
    wish = JoinRequest(
        instrument=scene.instrument.slug, access_mode="on_site", purpose="Thin films",
        since=TOMORROW, until=TOMORROW + timedelta(hours=4), minutes=240, time_zone="UTC",
    )  # fmt: skip
    join(wish, by=waiter, at=AT)
    cancel_series(series.reference, by=scene.applicant, at=AT, version=None, reach=Reach())
    told_to = session.query(Message.person_id, Message.kind).all()
    assert (waiter.id, "offered") in told_to
    assert told_to.count((scene.applicant.id, "cancelled")) == 1
