"""Policies that decide, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from instrument_share.booking import services as bookings
from instrument_share.booking.errors import WrongState
from instrument_share.booking.policies import services
from instrument_share.booking.policies.in_force import policy_for
from instrument_share.booking.policies.rules import Auto, Policy, PolicyStep, When
from instrument_share.booking.queries import approvals_for
from instrument_share.booking.rules import State
from instrument_share.foundation.errors import Forbidden, NotFound
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from tests.booking.policies.stage import DAY, HOUR, MANAGER, OFFICE, ask, in_force, statuses, told
from tests.support.builders import AT, grant, make_institution, make_person, make_qualification


def test_steps_of_one_stage_are_asked_at_once_and_answers_come_in_any_order(session, scene):
    policy = in_force(scene, PolicyStep(MANAGER), PolicyStep(OFFICE))
    for number, order in enumerate([(scene.manager, scene.office), (scene.office, scene.manager)]):
        booking = ask(scene, 3 + number)
        assert booking.policy_id == policy.id
        assert statuses(booking) == [(MANAGER, "pending"), (OFFICE, "pending")]
        asked = told(session, booking, "decision_needed")
        assert asked == sorted([scene.manager.id, scene.office.id])
        for decider in order:
            assert booking.state == State.SUBMITTED
            assert approvals_for(decider).items == [booking]
            bookings.approve(booking.reference, by=decider, at=AT + HOUR, version=None)
        assert booking.state == State.CONFIRMED
        assert told(session, booking, "decision_needed") == asked, "nobody is asked twice"
        assert [step["step"] for step in _json(booking)] == [MANAGER, OFFICE]


def _json(booking):
    from instrument_share.booking.schemas import StepSchema

    return StepSchema(many=True).dump(booking.steps)


def test_whoever_holds_two_roles_of_a_stage_sees_the_request_once_and_is_asked_for_each(scene):
    grant(scene.manager, OFFICE, Scope("institution", scene.instrument.facility.host_id))
    in_force(scene, PolicyStep(MANAGER), PolicyStep(OFFICE))
    booking = ask(scene)
    for _ in range(2):
        page = approvals_for(scene.manager)
        assert (page.items, page.total) == ([booking], 1)
        bookings.approve(booking.reference, by=scene.manager, at=AT, version=None)
    assert booking.state == State.CONFIRMED


def test_one_no_ends_it_for_all_who_were_asked(scene):
    in_force(scene, PolicyStep(MANAGER), PolicyStep(OFFICE), PolicyStep(Role.PROGRAMME_OFFICER, 2))
    booking = ask(scene)
    bookings.reject(booking.reference, by=scene.office, at=AT, version=None, comment="no")
    assert [status for _, status in statuses(booking)] == ["void", "rejected", "void"]
    with pytest.raises(WrongState):
        bookings.approve(booking.reference, by=scene.manager, at=AT, version=None)


def test_the_liaison_of_the_payer_and_the_programme_decide_where_they_are_asked(session, scene):
    home = scene.applicant.institution
    liaison, other, officer = (make_person(home), make_person(make_institution()), make_person())
    grant(liaison, Role.LIAISON, Scope("institution", home.id))
    grant(other, Role.LIAISON, Scope("institution", other.institution_id))
    grant(officer, Role.PROGRAMME_OFFICER, PROGRAMME)
    in_force(scene, PolicyStep(Role.LIAISON), PolicyStep(Role.PROGRAMME_OFFICER, 2))
    booking = ask(scene)
    assert told(session, booking, "decision_needed") == [liaison.id]
    assert approvals_for(other).items == approvals_for(scene.manager).items == []
    for stranger in (other, scene.manager, officer):
        with pytest.raises((Forbidden, NotFound)):
            bookings.approve(booking.reference, by=stranger, at=AT, version=None)
    for decider in (liaison, officer):
        bookings.approve(booking.reference, by=decider, at=AT, version=None)
    assert booking.state == State.CONFIRMED


def test_the_nearest_policy_wins_from_its_day_on_and_old_requests_keep_their_route(scene):
    host = scene.instrument.facility.host
    before = ask(scene)
    in_force(scene, PolicyStep(OFFICE), where=("host", host.slug), by=scene.office)
    assert [role for role, _ in statuses(ask(scene, 2))] == [OFFICE]
    where = ("instrument", scene.instrument.slug)
    draft = services.save_draft(
        *where, Policy((PolicyStep(MANAGER),)), "", by=scene.manager, at=AT, revision=0
    )
    later = AT.date() + 2 * DAY
    services.activate(*where, by=scene.manager, at=AT, revision=draft.revision, first_day=later)
    midnight = datetime(2026, 3, 3, 16, tzinfo=UTC)  # of the 4th in Shanghai
    assert policy_for(scene.instrument, midnight - timedelta(seconds=1)).version == 1
    assert (
        policy_for(scene.instrument, midnight - timedelta(seconds=1)).rules.steps[0].role == OFFICE
    )
    assert policy_for(scene.instrument, midnight).rules.steps[0].role == MANAGER
    assert statuses(before) == [(MANAGER, "pending"), (OFFICE, "waiting")]


def test_looking_up_a_policy_costs_a_request_no_statement(scene, count_queries):
    ask(scene)
    with count_queries() as without:
        ask(scene, 2)
    in_force(scene, PolicyStep(MANAGER), PolicyStep(OFFICE, 2))
    ask(scene, 3)
    with count_queries() as within:
        ask(scene, 4)
    assert within.count <= without.count, within


def test_a_rule_approves_by_itself_and_says_so(session, scene):
    in_force(
        scene,
        PolicyStep(MANAGER, auto=Auto(at_most=240, independent=True)),
        PolicyStep(OFFICE, 2, When(longer_than=300)),
    )
    asked = ask(scene)
    assert statuses(asked) == [(MANAGER, "pending")]
    make_qualification(scene.applicant, scene.instrument, "independent")
    booking = ask(scene, 2)
    assert (booking.state, booking.hold_expires_at) == (State.CONFIRMED, None)
    step = booking.steps[0]
    assert (step.status, step.automatic, step.decided_by) == ("approved", True, None)
    assert told(session, booking, "confirmed") == [scene.applicant.id]
    assert told(session, booking, "received") == told(session, booking, "decision_needed") == []
    longer = ask(scene, 3, hours=6)
    assert statuses(longer) == [(MANAGER, "pending"), (OFFICE, "waiting")]


def test_moving_asks_again_only_what_no_longer_holds_by_the_policy(scene):
    in_force(scene, PolicyStep(MANAGER), PolicyStep(OFFICE))
    booking = ask(scene)
    for decider in (scene.office, scene.manager):
        bookings.approve(booking.reference, by=decider, at=AT, version=None)
    start = booking.starts_at + HOUR
    bookings.reschedule(
        booking.reference, by=scene.applicant, at=AT, version=None, starts_at=start, ends_at=start + 4 * HOUR,
    )  # fmt: skip
    assert booking.state == State.SUBMITTED
    assert statuses(booking) == [(MANAGER, "pending"), (OFFICE, "approved")]
    in_force(scene, PolicyStep(MANAGER, auto=Auto(at_most=600)), PolicyStep(OFFICE))
    bookings.reschedule(
        booking.reference, by=scene.applicant, at=AT, version=None,
        starts_at=start + HOUR, ends_at=start + 5 * HOUR,
    )  # fmt: skip
    assert statuses(booking)[1] == (OFFICE, "approved")
