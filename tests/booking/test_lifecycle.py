"""The life of a booking through the services, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from instrument_share.booking import services
from instrument_share.booking.errors import (
    CommentMissing,
    EndBeforeStart,
    SlotTaken,
    SlotUnfit,
    TooEarlyToStart,
    UnknownInstrument,
    UnknownProject,
    UsageImplausible,
    WrongState,
)
from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.queries import (
    actions_open_to,
    approvals_for,
    booking_for,
    bookings_of,
)
from instrument_share.booking.rules import Action, State
from instrument_share.booking.values import BookingFilter, FinishedUse
from instrument_share.catalogue.models import Facility, Instrument
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from instrument_share.foundation.interval import Interval
from instrument_share.identity.models import Person
from instrument_share.identity.rules import Role, Scope
from tests.support.builders import (
    AT,
    grant,
    make_booking,
    make_closure,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
    make_staff,
    request_for,
)

TOMORROW = AT + timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass
class House:
    """A facility with an instrument, its people, and a researcher from abroad."""

    facility: Facility
    instrument: Instrument
    researcher: Person
    manager: Person
    office: Person


@pytest.fixture
def house(session) -> House:
    facility = make_facility()
    office = make_person(facility.host)
    grant(office, Role.INTERNATIONAL_OFFICE, Scope("institution", facility.host_id))
    return House(
        facility=facility,
        instrument=make_instrument(facility),
        researcher=make_person(make_institution()),
        manager=make_staff(Role.FACILITY_MANAGER, facility),
        office=office,
    )


def confirmed(house: House, **values) -> Booking:
    booking = make_booking(house.instrument, house.researcher, **values)
    services.approve(booking.reference, by=house.manager, at=AT, version=booking.version)
    return services.approve(booking.reference, by=house.office, at=AT, version=booking.version)


def holds(session) -> int:
    return session.query(Hold).count()


def test_a_request_holds_its_time_with_setup_and_teardown_and_asks_the_manager(house):
    house.instrument.setup_minutes, house.instrument.teardown_minutes = 30, 60
    booking = make_booking(house.instrument, house.researcher)
    assert booking.state == State.SUBMITTED
    assert booking.held_from == TOMORROW - timedelta(minutes=30)
    assert booking.held_until == TOMORROW + 5 * HOUR
    assert [(step.role, step.status) for step in booking.steps] == [
        ("facility_manager", "pending"),
        ("international_office", "waiting"),
    ]
    assert booking.hold_expires_at == TOMORROW


def test_a_domestic_request_needs_no_international_office(house):
    booking = make_booking(house.instrument, make_person(make_institution(country="CN")))
    assert [step.role for step in booking.steps] == ["facility_manager"]
    approved = services.approve(booking.reference, by=house.manager, at=AT, version=None)
    assert approved.state == State.CONFIRMED


def test_a_safety_class_asks_the_safety_officer_in_between(house):
    house.instrument.safety_class = "radiation"
    booking = make_booking(house.instrument, house.researcher)
    assert [step.role for step in booking.steps] == [
        "facility_manager",
        "safety_officer",
        "international_office",
    ]


def test_two_approvals_confirm_and_each_is_told(house):
    booking = confirmed(house)
    assert booking.state == State.CONFIRMED
    assert [(s.status, s.decided_by_id) for s in booking.steps] == [
        ("approved", house.manager.id),
        ("approved", house.office.id),
    ]
    assert booking.hold_expires_at is None


def test_nobody_decides_out_of_turn_for_another_facility_or_for_themselves(house):
    booking = make_booking(house.instrument, house.researcher)
    with pytest.raises(Forbidden):
        services.approve(booking.reference, by=house.office, at=AT, version=booking.version)
    with pytest.raises(Forbidden):
        services.approve(booking.reference, by=house.researcher, at=AT, version=booking.version)
    stranger = make_staff(Role.FACILITY_MANAGER, make_facility())
    with pytest.raises(NotFound):
        services.approve(booking.reference, by=stranger, at=AT, version=booking.version)
    own = make_booking(house.instrument, house.manager, starts_at=TOMORROW + 5 * HOUR)
    with pytest.raises(Forbidden):
        services.approve(own.reference, by=house.manager, at=AT, version=own.version)


def test_another_researcher_sees_nothing_of_it(house):
    booking = make_booking(house.instrument, house.researcher)
    stranger = make_person(house.researcher.institution)
    with pytest.raises(NotFound):
        booking_for(stranger, booking.reference)
    assert bookings_of(stranger, BookingFilter()).total == 0
    assert approvals_for(stranger).total == 0
    assert bookings_of(house.manager, BookingFilter()).total == 1
    assert bookings_of(house.manager, BookingFilter(mine=True)).total == 0


def test_the_queue_follows_the_route(house):
    booking = make_booking(house.instrument, house.researcher)
    assert (approvals_for(house.manager).total, approvals_for(house.office).total) == (1, 0)
    services.approve(booking.reference, by=house.manager, at=AT, version=None)
    assert (approvals_for(house.manager).total, approvals_for(house.office).total) == (0, 1)


def test_a_rejection_needs_a_reason_and_frees_the_time(house, session):
    booking = make_booking(house.instrument, house.researcher)
    with pytest.raises(CommentMissing):
        services.reject(booking.reference, by=house.manager, at=AT, version=None, comment="  ")
    services.reject(booking.reference, by=house.manager, at=AT, version=None, comment="No")
    assert booking.state == State.REJECTED
    assert [step.status for step in booking.steps] == ["rejected", "void"]
    assert holds(session) == 0


def test_changes_are_asked_for_and_the_second_round_begins_anew(house, session):
    booking = make_booking(house.instrument, house.researcher)
    services.request_changes(
        booking.reference, by=house.manager, at=AT, version=None, comment="Which samples?"
    )
    assert booking.state == State.CHANGES_REQUESTED
    assert holds(session) == 1
    request = request_for(house.instrument, purpose="Films of 200 nm")
    services.change_draft(booking.reference, request, by=house.researcher, at=AT, version=None)
    services.submit(booking.reference, by=house.researcher, at=AT, version=None)
    assert (booking.state, booking.purpose) == (State.SUBMITTED, "Films of 200 nm")
    assert [(s.round, s.status) for s in booking.steps] == [
        (1, "changes_requested"),
        (1, "void"),
        (2, "pending"),
        (2, "waiting"),
    ]


def test_a_draft_holds_no_time_until_it_is_sent(house, session):
    request = request_for(house.instrument)
    first = services.create_draft(request, by=house.researcher, at=AT)
    assert (first.state, holds(session)) == (State.DRAFT, 0)
    make_booking(house.instrument, house.researcher)
    with pytest.raises(SlotTaken):
        services.submit(first.reference, by=house.researcher, at=AT, version=None)


def test_withdrawing_makes_a_draft_and_frees_the_time(house, session):
    booking = make_booking(house.instrument, house.researcher)
    services.withdraw(booking.reference, by=house.researcher, at=AT, version=None)
    assert (booking.state, booking.position, holds(session)) == (State.DRAFT, None, 0)
    services.submit(booking.reference, by=house.researcher, at=AT, version=None)
    assert (booking.state, holds(session)) == (State.SUBMITTED, 1)


@pytest.mark.parametrize(("before_start", "late"), [(timedelta(hours=25), False), (HOUR, True)])
def test_cancelling_after_the_deadline_is_late(house, session, before_start, late):
    booking = confirmed(house)
    at = booking.starts_at - before_start
    services.cancel(booking.reference, by=house.researcher, at=at, version=None)
    assert (booking.state, booking.late, holds(session)) == (State.CANCELLED, late, 0)


def test_rescheduling_a_confirmed_booking_asks_again_and_frees_the_old_time(house, session):
    booking = confirmed(house)
    later = TOMORROW + timedelta(days=2)
    services.reschedule(
        booking.reference, by=house.researcher, at=AT, version=None,
        starts_at=later, ends_at=later + 2 * HOUR,
    )  # fmt: skip
    assert (booking.state, booking.starts_at) == (State.SUBMITTED, later)
    assert [step.status for step in booking.steps if step.round == 2] == ["pending", "waiting"]
    hold = session.query(Hold).one()
    assert (hold.held_from, hold.held_until) == (later, later + 2 * HOUR)


def test_a_booking_may_move_onto_part_of_its_own_time(house):
    booking = make_booking(house.instrument, house.researcher)
    services.reschedule(
        booking.reference, by=house.researcher, at=AT, version=None,
        starts_at=TOMORROW + HOUR, ends_at=TOMORROW + 5 * HOUR,
    )  # fmt: skip
    assert booking.held_from == TOMORROW + HOUR


def test_start_finish_and_what_is_left_is_free(house, session):
    booking = confirmed(house)
    with pytest.raises(TooEarlyToStart):
        services.start(booking.reference, by=house.manager, at=TOMORROW - HOUR, version=None)
    with pytest.raises(WrongState):
        services.finish(booking.reference, by=house.manager, at=TOMORROW, version=None)
    services.start(booking.reference, by=house.manager, at=TOMORROW, version=None)
    assert booking.state == State.IN_USE
    services.finish(booking.reference, by=house.manager, at=TOMORROW + 3 * HOUR, version=None)
    assert (booking.state, booking.ended_at) == (State.COMPLETED, TOMORROW + 3 * HOUR)
    assert holds(session) == 0
    services.settle([booking.id], by=house.manager, at=TOMORROW + 9 * HOUR)
    assert booking.state == State.SETTLED


@pytest.mark.parametrize(
    ("started", "ended", "field"),
    [
        (HOUR, HOUR, "ended_at"),
        (HOUR * 0, 20 * HOUR, "ended_at"),
        (-2 * HOUR, HOUR, "started_at"),
    ],
)
def test_use_that_cannot_be_is_refused(house, started, ended, field):
    booking = confirmed(house)
    services.start(booking.reference, by=house.manager, at=TOMORROW, version=None)
    use = FinishedUse(TOMORROW + started, TOMORROW + ended)
    with pytest.raises(UsageImplausible) as refusal:
        services.finish(
            booking.reference, by=house.manager, at=TOMORROW + 4 * HOUR, version=None, use=use
        )
    assert field in refusal.value.fields


def test_a_no_show_is_marked_once_the_time_has_begun(house, session):
    booking = confirmed(house)
    with pytest.raises(TooEarlyToStart):
        services.mark_no_show(booking.reference, by=house.manager, at=AT, version=None)
    services.mark_no_show(booking.reference, by=house.manager, at=TOMORROW + HOUR, version=None)
    assert (booking.state, holds(session)) == (State.NO_SHOW, 0)


def test_undecided_requests_expire_and_confirmed_ones_do_not(house, session):
    booking = make_booking(house.instrument, house.researcher)
    kept = confirmed(house, starts_at=TOMORROW + 6 * HOUR)
    assert services.expire_due(booking.hold_expires_at - HOUR) == 0
    assert services.expire_due(booking.hold_expires_at) == 1
    assert (booking.state, kept.state) == (State.EXPIRED, State.CONFIRMED)
    assert holds(session) == 1


def test_a_stale_version_is_refused_with_the_present_one(house):
    booking = make_booking(house.instrument, house.researcher)
    seen = booking.version
    services.approve(booking.reference, by=house.manager, at=AT, version=seen)
    with pytest.raises(StaleVersion) as refusal:
        services.cancel(booking.reference, by=house.researcher, at=AT, version=seen)
    assert refusal.value.details["version"] == booking.version > seen


def test_positions_are_filled_before_the_slot_is_taken(house):
    house.instrument.positions = 2
    positions = [make_booking(house.instrument, house.researcher).position for _ in range(2)]
    assert positions == [1, 2]
    with pytest.raises(SlotTaken):
        make_booking(house.instrument, house.researcher)


def test_back_to_back_bookings_leave_room_for_setup(house):
    house.instrument.setup_minutes = 30
    make_booking(house.instrument, house.researcher)
    with pytest.raises(SlotTaken):
        make_booking(house.instrument, house.researcher, starts_at=TOMORROW + 4 * HOUR)
    make_booking(house.instrument, house.researcher, starts_at=TOMORROW + 4.5 * HOUR)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts_at": AT - HOUR, "ends_at": AT + HOUR}, "in_the_past"),
        ({"starts_at": AT + HOUR, "ends_at": AT + 2 * HOUR}, "too_soon"),
        ({"ends_at": TOMORROW + timedelta(minutes=30)}, "too_short"),
        ({"ends_at": TOMORROW + 9 * HOUR}, "too_long"),
        ({"starts_at": TOMORROW + timedelta(minutes=7)}, "off_grid"),
        ({"starts_at": TOMORROW + 365 * 24 * HOUR, "ends_at": TOMORROW + (365 * 24 + 2) * HOUR}, "beyond_horizon"),
        ({"starts_at": TOMORROW + 10 * HOUR, "ends_at": TOMORROW + 12 * HOUR}, "outside_opening_hours"),
        ({"starts_at": TOMORROW + 48 * HOUR, "ends_at": TOMORROW + 50 * HOUR}, "in_closure"),
    ],
)  # fmt: skip
def test_a_slot_that_does_not_fit_is_refused_by_name(house, session, change, code):
    instrument = house.instrument
    instrument.lead_minutes, instrument.shortest_minutes = 120, 60
    instrument.opening = {day: ["08:00-20:00"] for day in instrument.opening}
    make_closure(instrument, Interval(TOMORROW + 47 * HOUR, TOMORROW + 49 * HOUR))
    request = replace(request_for(instrument), **change)
    with pytest.raises(SlotUnfit) as refusal:
        services.request_booking(request, by=house.researcher, at=AT)
    assert refusal.value.code == code
    assert refusal.value.fields
    assert session.query(Booking).count() == 0


def test_what_means_nothing_is_refused(house):
    request = request_for(house.instrument)
    by = house.researcher
    cases = {
        EndBeforeStart: replace(request, ends_at=request.starts_at),
        UnknownInstrument: replace(request, instrument="none-such"),
        UnknownProject: replace(request, project="P-none"),
        InvalidInput: replace(request, access_mode="mail_in"),
    }
    for error, wrong in cases.items():
        with pytest.raises(error):
            services.request_booking(wrong, by=by, at=AT)


def test_the_actions_on_offer_are_the_ones_that_work(house):
    booking = make_booking(house.instrument, house.researcher)
    assert actions_open_to(house.researcher, booking, AT) == [
        Action.WITHDRAW,
        Action.RESCHEDULE,
        Action.CANCEL,
    ]
    assert actions_open_to(house.manager, booking, AT) == [
        Action.APPROVE,
        Action.REJECT,
        Action.REQUEST_CHANGES,
        Action.CANCEL,
    ]
    assert actions_open_to(house.office, booking, AT) == []
