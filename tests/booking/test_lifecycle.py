"""The life of a booking through the services, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.booking import services
from instrument_share.booking.errors import CommentMissing, SlotTaken
from instrument_share.booking.models import Hold
from instrument_share.booking.queries import (
    actions_open_to,
    approvals_for,
    booking_for,
    bookings_of,
)
from instrument_share.booking.rules import Action, State
from instrument_share.booking.values import BookingFilter
from instrument_share.foundation.errors import Forbidden, NotFound, StaleVersion
from instrument_share.identity.rules import Role
from tests.support.builders import (
    AT,
    make_booking,
    make_facility,
    make_institution,
    make_person,
    make_staff,
    request_for,
)

TOMORROW = AT + timedelta(days=1)
HOUR = timedelta(hours=1)


def holds(session) -> int:
    return session.query(Hold).count()


def test_a_request_holds_its_time_with_setup_and_teardown_and_asks_the_manager(scene):
    scene.instrument.setup_minutes, scene.instrument.teardown_minutes = 30, 60
    booking = scene.ask()
    assert booking.state == State.SUBMITTED
    assert booking.held_from == TOMORROW - timedelta(minutes=30)
    assert booking.held_until == TOMORROW + 5 * HOUR
    assert [(step.role, step.status) for step in booking.steps] == [
        ("facility_manager", "pending"),
        ("international_office", "waiting"),
    ]
    assert booking.hold_expires_at == TOMORROW


def test_a_domestic_request_needs_no_international_office(scene):
    booking = make_booking(scene.instrument, make_person(make_institution(country="CN")))
    assert [step.role for step in booking.steps] == ["facility_manager"]
    approved = services.approve(booking.reference, by=scene.manager, at=AT, version=None)
    assert approved.state == State.CONFIRMED


def test_a_safety_class_asks_the_safety_officer_in_between(scene):
    scene.instrument.safety_class = "radiation"
    booking = scene.ask()
    assert [step.role for step in booking.steps] == [
        "facility_manager",
        "safety_officer",
        "international_office",
    ]


def test_two_approvals_confirm_and_each_is_told(scene):
    booking = scene.confirm(scene.ask())
    assert booking.state == State.CONFIRMED
    assert [(s.status, s.decided_by_id) for s in booking.steps] == [
        ("approved", scene.manager.id),
        ("approved", scene.office.id),
    ]
    assert booking.hold_expires_at is None


def test_nobody_decides_out_of_turn_for_another_facility_or_for_themselves(scene):
    booking = scene.ask()
    with pytest.raises(Forbidden):
        services.approve(booking.reference, by=scene.office, at=AT, version=booking.version)
    with pytest.raises(Forbidden):
        services.approve(booking.reference, by=scene.applicant, at=AT, version=booking.version)
    stranger = make_staff(Role.FACILITY_MANAGER, make_facility())
    with pytest.raises(NotFound):
        services.approve(booking.reference, by=stranger, at=AT, version=booking.version)
    own = make_booking(scene.instrument, scene.manager, starts_at=TOMORROW + 5 * HOUR)
    with pytest.raises(Forbidden):
        services.approve(own.reference, by=scene.manager, at=AT, version=own.version)


def test_another_researcher_sees_nothing_of_it(scene):
    booking = scene.ask()
    stranger = make_person(scene.applicant.institution)
    with pytest.raises(NotFound):
        booking_for(stranger, booking.reference)
    assert bookings_of(stranger, BookingFilter()).total == 0
    assert approvals_for(stranger).total == 0
    assert bookings_of(scene.manager, BookingFilter()).total == 1
    assert bookings_of(scene.manager, BookingFilter(mine=True)).total == 0


def test_the_queue_follows_the_route(scene):
    booking = scene.ask()
    assert (approvals_for(scene.manager).total, approvals_for(scene.office).total) == (1, 0)
    services.approve(booking.reference, by=scene.manager, at=AT, version=None)
    assert (approvals_for(scene.manager).total, approvals_for(scene.office).total) == (0, 1)


def test_a_rejection_needs_a_reason_and_frees_the_time(scene, session):
    booking = scene.ask()
    with pytest.raises(CommentMissing):
        services.reject(booking.reference, by=scene.manager, at=AT, version=None, comment="  ")
    services.reject(booking.reference, by=scene.manager, at=AT, version=None, comment="No")
    assert booking.state == State.REJECTED
    assert [step.status for step in booking.steps] == ["rejected", "void"]
    assert holds(session) == 0


def test_changes_are_asked_for_and_the_second_round_begins_anew(scene, session):
    booking = scene.ask()
    services.request_changes(
        booking.reference, by=scene.manager, at=AT, version=None, comment="Which samples?"
    )
    assert booking.state == State.CHANGES_REQUESTED
    assert holds(session) == 1
    request = request_for(scene.instrument, purpose="Films of 200 nm")
    services.change_draft(booking.reference, request, by=scene.applicant, at=AT, version=None)
    services.submit(booking.reference, by=scene.applicant, at=AT, version=None)
    assert (booking.state, booking.purpose) == (State.SUBMITTED, "Films of 200 nm")
    assert [(s.round, s.status) for s in booking.steps] == [
        (1, "changes_requested"),
        (1, "void"),
        (2, "pending"),
        (2, "waiting"),
    ]


def test_a_draft_holds_no_time_until_it_is_sent(scene, session):
    request = request_for(scene.instrument)
    first = services.create_draft(request, by=scene.applicant, at=AT)
    assert (first.state, holds(session)) == (State.DRAFT, 0)
    scene.ask()
    with pytest.raises(SlotTaken):
        services.submit(first.reference, by=scene.applicant, at=AT, version=None)


def test_withdrawing_makes_a_draft_and_frees_the_time(scene, session):
    booking = scene.ask()
    services.withdraw(booking.reference, by=scene.applicant, at=AT, version=None)
    assert (booking.state, booking.position, holds(session)) == (State.DRAFT, None, 0)
    services.submit(booking.reference, by=scene.applicant, at=AT, version=None)
    assert (booking.state, holds(session)) == (State.SUBMITTED, 1)


@pytest.mark.parametrize(("before_start", "late"), [(timedelta(hours=25), False), (HOUR, True)])
def test_cancelling_after_the_deadline_is_late(scene, session, before_start, late):
    booking = scene.confirm(scene.ask())
    at = booking.starts_at - before_start
    services.cancel(booking.reference, by=scene.applicant, at=at, version=None)
    assert (booking.state, booking.late, holds(session)) == (State.CANCELLED, late, 0)


def test_rescheduling_a_confirmed_booking_asks_again_and_frees_the_old_time(scene, session):
    booking = scene.confirm(scene.ask())
    later = TOMORROW + timedelta(days=2)
    services.reschedule(
        booking.reference, by=scene.applicant, at=AT, version=None,
        starts_at=later, ends_at=later + 2 * HOUR,
    )  # fmt: skip
    assert (booking.state, booking.starts_at) == (State.SUBMITTED, later)
    assert [step.status for step in booking.steps if step.round == 2] == ["pending", "waiting"]
    hold = session.query(Hold).one()
    assert (hold.held_from, hold.held_until) == (later, later + 2 * HOUR)


def test_a_booking_may_move_onto_part_of_its_own_time(scene):
    booking = scene.ask()
    services.reschedule(
        booking.reference, by=scene.applicant, at=AT, version=None,
        starts_at=TOMORROW + HOUR, ends_at=TOMORROW + 5 * HOUR,
    )  # fmt: skip
    assert booking.held_from == TOMORROW + HOUR


def test_undecided_requests_expire_and_confirmed_ones_do_not(scene, session):
    booking = scene.ask()
    kept = scene.confirm(scene.ask(starts_at=TOMORROW + 6 * HOUR))
    assert services.expire_due(booking.hold_expires_at - HOUR) == 0
    assert services.expire_due(booking.hold_expires_at) == 1
    assert (booking.state, kept.state) == (State.EXPIRED, State.CONFIRMED)
    assert holds(session) == 1


def test_a_stale_version_is_refused_with_the_present_one(scene):
    booking = scene.ask()
    seen = booking.version
    services.approve(booking.reference, by=scene.manager, at=AT, version=seen)
    with pytest.raises(StaleVersion) as refusal:
        services.cancel(booking.reference, by=scene.applicant, at=AT, version=seen)
    assert refusal.value.details["version"] == booking.version > seen


def test_the_actions_on_offer_are_the_ones_that_work(scene):
    booking = scene.ask()
    assert actions_open_to(scene.applicant, booking, AT) == [
        Action.WITHDRAW,
        Action.RESCHEDULE,
        Action.CANCEL,
    ]
    assert actions_open_to(scene.manager, booking, AT) == [
        Action.APPROVE,
        Action.REJECT,
        Action.REQUEST_CHANGES,
        Action.CANCEL,
    ]
    assert actions_open_to(scene.office, booking, AT) == []
