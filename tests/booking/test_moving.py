"""Moving bookings and making them longer or shorter, through the services, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from instrument_share.access.errors import AgreementNotUsable, NotEligible
from instrument_share.booking import services
from instrument_share.booking.errors import SlotTaken, SlotUnfit, WrongState
from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.rules import Seat, State
from instrument_share.foundation.errors import Forbidden
from instrument_share.foundation.interval import Interval
from instrument_share.identity.models import AuditEntry
from instrument_share.notification.models import Message
from tests.support.builders import (
    AT,
    make_agreement,
    make_booking,
    make_closure,
    make_institution,
    make_person,
)
from tests.support.scene import make_scene

TOMORROW, HOUR, DAY = AT + timedelta(days=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def scene(session):
    return make_scene()


def move(scene, booking: Booking, start=TOMORROW, hours: float = 4, **more) -> Booking:
    return services.reschedule(
        booking.reference,
        by=scene.applicant,
        at=more.pop("at", AT),
        version=None,
        starts_at=start,
        ends_at=start + hours * HOUR,
        **more,
    )


def route(booking: Booking) -> list[tuple[int, str, str]]:
    return [(step.round, step.role, step.status) for step in booking.steps]


def held(session) -> list[tuple]:
    rows = session.query(Hold).order_by(Hold.position, Hold.held_from)
    return [(row.position, row.held_from, row.held_until) for row in rows]


def test_a_confirmed_booking_that_gets_shorter_stays_confirmed(scene, session):
    booking = scene.confirm(scene.ask())
    sequence, version = booking.sequence, booking.version
    move(scene, booking, TOMORROW + HOUR, 2)
    assert booking.state == State.CONFIRMED
    assert booking.hold_expires_at is None
    assert {status for *_, status in route(booking)} == {"approved"}
    assert held(session) == [(1, TOMORROW + HOUR, TOMORROW + 3 * HOUR)]
    assert booking.sequence == sequence + 1
    assert booking.version > version


def test_on_the_same_day_only_the_manager_is_asked_again(scene):
    booking = scene.confirm(scene.ask())
    move(scene, booking, TOMORROW + HOUR)
    assert booking.state == State.SUBMITTED
    assert route(booking)[2:] == [
        (2, "facility_manager", "pending"),
        (2, "international_office", "approved"),
    ]
    kept = booking.steps[-1]
    assert (kept.decided_by, kept.decided_at) == (scene.office, AT)
    services.approve(booking.reference, by=scene.manager, at=AT, version=None)
    assert booking.state == State.CONFIRMED


def test_on_another_day_everybody_is_asked_again(scene):
    booking = move(scene, scene.confirm(scene.ask()), TOMORROW + DAY)
    assert [status for number, _, status in route(booking) if number == 2] == ["pending", "waiting"]


def test_the_safety_officer_decides_for_the_instrument_not_for_the_time(session):
    scene = make_scene(safety_class="radiation", positions=2)
    booking = scene.ask()
    services.approve(booking.reference, by=scene.manager, at=AT, version=None)
    booking.steps[1].status = "approved"
    move(scene, booking, TOMORROW + DAY)
    assert route(booking)[3:5] == [
        (2, "facility_manager", "pending"),
        (2, "safety_officer", "approved"),
    ]
    booking.steps[3].status = "approved"
    move(scene, booking, TOMORROW + DAY, seat=Seat(whole=True))
    assert [status for number, _, status in route(booking) if number == 3][:2] == [
        "pending",
        "waiting",
    ]


def test_a_request_nobody_has_decided_keeps_its_round(scene):
    booking = scene.ask()
    move(scene, booking, TOMORROW - 2 * HOUR)
    assert [(number, status) for number, _, status in route(booking)] == [
        (1, "pending"),
        (1, "waiting"),
    ]
    assert booking.hold_expires_at == TOMORROW - 2 * HOUR
    assert booking.steps[0].due_at <= booking.hold_expires_at


def test_a_refused_move_leaves_everything_as_it_was(scene, session):
    booking = scene.confirm(scene.ask())
    other = make_person(make_institution())
    make_booking(scene.instrument, other, starts_at=TOMORROW + 6 * HOUR)
    before = held(session)
    with pytest.raises(SlotTaken) as refusal:
        move(scene, booking, TOMORROW + 3 * HOUR)
    assert refusal.value.mover == booking.id
    session.refresh(booking)
    assert held(session) == before
    assert (booking.starts_at, booking.position, booking.state) == (TOMORROW, 1, State.CONFIRMED)
    assert {status for *_, status in route(booking)} == {"approved"}


@pytest.mark.parametrize(
    ("start", "hours"), [(TOMORROW, 6), (TOMORROW - 2 * HOUR, 6), (TOMORROW + HOUR, 4)]
)
def test_its_own_time_is_not_in_its_way(scene, session, start, hours):
    scene.instrument.setup_minutes = scene.instrument.teardown_minutes = 30
    booking = move(scene, scene.ask(), start, hours)
    margin = timedelta(minutes=30)
    assert held(session) == [(1, start - margin, start + hours * HOUR + margin)]
    assert booking.slot == Interval(start, start + hours * HOUR)


def test_everything_is_checked_again(scene, session):
    booking = scene.confirm(scene.ask())
    make_closure(scene.instrument, Interval(TOMORROW + 5 * HOUR, TOMORROW + 6 * HOUR))
    with pytest.raises(SlotUnfit):
        move(scene, booking, TOMORROW + 3 * HOUR)
    scene.instrument.open_to = {"kind": "countries", "countries": ["CN"]}
    session.flush()
    with pytest.raises(NotEligible):
        move(scene, booking, TOMORROW, 2)


def test_an_agreement_that_is_over_by_then_is_refused(scene):
    make_agreement(
        scene.instrument.facility.host, scene.applicant.institution, valid_until=date(2026, 3, 4)
    )
    booking = scene.ask()
    move(scene, booking, TOMORROW + 2 * HOUR)
    with pytest.raises(AgreementNotUsable):
        move(scene, booking, TOMORROW + 5 * DAY)


def test_time_that_is_ones_own_may_be_given_back_at_short_notice(scene):
    booking = scene.confirm(scene.ask())
    scene.instrument.lead_minutes = 2 * 1440
    shorter = move(scene, booking, TOMORROW, 2, at=TOMORROW - HOUR)
    assert shorter.state == State.CONFIRMED
    with pytest.raises(SlotUnfit):
        move(scene, booking, TOMORROW, 3, at=TOMORROW - HOUR)


def test_what_has_begun_is_not_moved(scene):
    booking = scene.confirm(scene.ask())
    with pytest.raises(WrongState):
        move(scene, booking, TOMORROW + DAY, at=TOMORROW)


def test_only_the_applicant_moves_a_booking(scene):
    booking = scene.confirm(scene.ask())
    for person in (scene.manager, scene.office, scene.operator):
        with pytest.raises(Forbidden):
            services.reschedule(
                booking.reference, by=person, at=AT, version=None,
                starts_at=TOMORROW, ends_at=TOMORROW + HOUR,
            )  # fmt: skip


def test_both_times_are_told_and_kept_on_the_trail(scene, session):
    booking = scene.confirm(scene.ask())
    session.query(Message).delete()
    move(scene, booking, TOMORROW, 2)
    told = {row.kind: row for row in session.query(Message)}
    assert set(told) == {"moved_confirmed", "expected_anew"}
    was = [TOMORROW.isoformat(), (TOMORROW + 4 * HOUR).isoformat()]
    assert told["moved_confirmed"].facts["moved_from"] == was
    session.commit()
    entry = session.query(AuditEntry).filter_by(action="booking.reschedule").one()
    assert entry.details["from_end"] == was[1]
    assert entry.details["to_end"] == (TOMORROW + 2 * HOUR).isoformat()
