"""Policies as they are written, tried, activated and decide, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from instrument_share.access.screening.rules import Answer, ScreeningClass
from instrument_share.access.screening.services import answer as screen
from instrument_share.access.screening.standard import standard_questions
from instrument_share.booking import services as bookings
from instrument_share.booking.errors import WrongState
from instrument_share.booking.policies import services
from instrument_share.booking.policies.in_force import policy_for
from instrument_share.booking.policies.models import ApprovalPolicy
from instrument_share.booking.policies.places import place_for
from instrument_share.booking.policies.queries import draft_of
from instrument_share.booking.policies.rules import (
    Auto,
    Policy,
    PolicyStep,
    Silence,
    When,
)
from instrument_share.booking.policies.trying import try_out
from instrument_share.booking.queries import approvals_for
from instrument_share.booking.rules import State
from instrument_share.booking.services.due import (
    DECISION_REMINDERS,
    EXPIRY,
    SILENCE,
    do_due,
    due_bookings,
)
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from instrument_share.identity.services import issue_token
from instrument_share.notification.models import Message
from tests.support.builders import (
    AT,
    grant,
    make_booking,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
    make_qualification,
    make_staff,
)
from tests.support.scene import make_scene
from tests.support.signing import sign_in

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MANAGER, SAFETY, OFFICE = Role.FACILITY_MANAGER, Role.SAFETY_OFFICER, Role.INTERNATIONAL_OFFICE


@pytest.fixture
def scene(session):
    return make_scene()


def facility_of(scene) -> tuple[str, str]:
    return "facility", scene.instrument.facility.slug


def in_force(
    scene, *steps: PolicyStep, at: datetime = AT, where=None, by=None, **more
) -> ApprovalPolicy:
    """A policy of the scene's facility that decides from now on."""
    where, by = where or facility_of(scene), by or scene.manager
    services.save_draft(*where, Policy(steps, **more), "", by=by, at=at, revision=None)
    return services.activate(*where, by=by, at=at, revision=None)


def ask(scene, day: int = 1, **values):
    return scene.ask(starts_at=AT + day * DAY, **values)


def statuses(booking) -> list[tuple[str, str]]:
    last = max(step.round for step in booking.steps)
    return [(step.role, step.status) for step in booking.steps if step.round == last]


def told(session, booking, kind: str) -> list[int]:
    rows = session.query(Message).filter_by(booking_id=booking.id, kind=kind)
    return sorted(row.person_id for row in rows)


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


# a long weekend of two countries


def run_all(at: datetime) -> int:
    """What the worker does at a moment, everything that is due."""
    done = 0
    for duty in (EXPIRY, SILENCE, DECISION_REMINDERS):
        done += sum(perform(do_due, duty, key, at) for key in due_bookings(duty, at))
    return done


def test_deadlines_reminders_and_escalation_over_a_long_weekend_of_two_countries(session):
    """Asked on the eve of National Day in Shanghai and of a weekend in Almaty: each office by its own calendar."""
    asked = datetime(2026, 9, 30, 4, tzinfo=UTC)
    scene = make_scene(horizon_days=200)
    home = scene.applicant.institution
    liaison = make_person(home)
    grant(liaison, Role.LIAISON, Scope("institution", home.id))
    to = {"working_days": 1, "silence": Silence.ESCALATE}
    in_force(
        scene,
        PolicyStep(MANAGER, escalate_to=OFFICE, **to),
        PolicyStep(Role.LIAISON, working_days=1, silence=Silence.APPROVE),
        at=asked,
        hold_days=60,
    )
    booking = make_booking(scene.instrument, scene.applicant, at=asked, starts_at=asked + 60 * DAY)
    manager, theirs = booking.steps
    assert theirs.due_at == datetime(2026, 10, 1, 19, tzinfo=UTC)  # the end of a Thursday in Almaty
    assert manager.due_at == datetime(2026, 10, 8, 16, tzinfo=UTC)  # the holidays last a week
    session.commit()

    seen = []
    moment = asked
    while moment < datetime(2026, 10, 12, tzinfo=UTC):
        moment += HOUR
        if run_all(moment):
            seen.append(moment)
        assert run_all(moment) == 0, "nothing twice"
    assert seen == [
        datetime(2026, 9, 30, 19, tzinfo=UTC),  # the liaison is reminded
        datetime(2026, 10, 1, 19, tzinfo=UTC),  # and their silence is consent
        datetime(2026, 10, 7, 16, tzinfo=UTC),  # the manager is reminded on the first working day
        datetime(2026, 10, 8, 16, tzinfo=UTC),  # and the international office asked
        datetime(2026, 10, 8, 16, tzinfo=UTC) + 24 * HOUR,  # which is reminded, too
    ]  # fmt: skip
    session.expire_all()
    assert statuses(booking) == [(MANAGER, "pending"), (Role.LIAISON, "approved")]
    assert told(session, booking, "decision_reminder").count(scene.manager.id) <= 2
    assert told(session, booking, "decision_escalated") == sorted(
        [scene.manager.id, scene.office.id]
    )
    assert theirs.automatic
    bookings.approve(booking.reference, by=scene.office, at=moment, version=None)
    assert booking.state == State.CONFIRMED


def test_a_worker_that_dies_in_the_middle_leaves_it_to_the_next(session, scene):
    in_force(
        scene,
        PolicyStep(MANAGER, working_days=1, silence=Silence.ESCALATE, escalate_to=OFFICE),
    )
    booking = ask(scene, 20)
    session.commit()
    due = booking.steps[0].due_at
    with pytest.raises(KeyboardInterrupt):
        perform(_dies, booking.id, due)
    session.expire_all()
    assert booking.steps[0].escalated_at is None
    assert told(session, booking, "decision_escalated") == []
    assert run_all(due) >= 1
    assert run_all(due) == 0
    assert told(session, booking, "decision_escalated") == sorted(
        [scene.manager.id, scene.office.id]
    )


def _dies(key: int, at: datetime) -> None:
    assert do_due(SILENCE, key, at)
    raise KeyboardInterrupt


# writing and trying


def test_what_the_trial_says_is_what_happens(session, scene):
    """Requests of several kinds; activated, the very same are sent again and take other routes as often as was said."""
    home = make_person(scene.instrument.facility.host)
    use = make_booking(scene.instrument, scene.applicant, starts_at=AT + DAY)
    scene.confirm(use)
    bookings.start(use.reference, by=scene.operator, at=use.starts_at, version=None)
    bookings.finish(use.reference, by=scene.operator, at=use.ends_at, version=None)
    later = AT + 3 * DAY
    requests = [
        make_booking(
            scene.instrument, (scene.applicant, home)[number % 2], at=later,
            starts_at=later + (number + 1) * DAY, hours=2 + number,
        )
        for number in range(6)
    ]  # fmt: skip
    policy = Policy(
        (
            PolicyStep(MANAGER, auto=Auto(uses=1, at_most=300)),
            PolicyStep(OFFICE, 2, When(countries_differ=True)),
            PolicyStep(SAFETY, 3, When(longer_than=360)),
        )
    )
    place = place_for(scene.manager, *facility_of(scene))
    trial = try_out(policy, place, later)
    assert trial.total == 7
    services.save_draft(*facility_of(scene), policy, "", by=scene.manager, at=later, revision=0)
    services.activate(*facility_of(scene), by=scene.manager, at=later, revision=None)
    changed = set()
    for booking in requests:
        before = booking.route_facts["route"]
        bookings.withdraw(booking.reference, by=booking.applicant, at=later, version=None)
        bookings.submit(booking.reference, by=booking.applicant, at=later, version=None)
        if booking.route_facts["route"] != before:
            changed.add(booking.reference)
    assert changed == {each.reference for each in trial.changed} - {use.reference}
    assert 0 < len(changed) < len(requests)
    assert try_out(policy, place, later).changed == [] or use.reference in {
        each.reference for each in try_out(policy, place, later).changed
    }


def test_a_step_for_a_class_of_screening_is_tried_and_decides_alike(session, count_queries):
    scene = make_scene(screening_class="data_transfer")
    asked = ScreeningClass.DATA_TRANSFER
    harmless = {
        each.key: Answer("no" if each.attention == "yes" else "yes")
        for each in standard_questions(asked)
    }
    screen(scene.instrument.facility.host, asked, harmless, by=scene.applicant, at=AT)
    booking = ask(scene)
    booking.route_facts = {  # as it was kept before the class was
        name: value for name, value in booking.route_facts.items() if name != "screening_class"
    }
    classes = frozenset({"data_transfer", "radiation"})
    policy = Policy((PolicyStep(MANAGER), PolicyStep(OFFICE, 2, When(screening=classes))))
    elsewhere = replace(policy.steps[1], when=When(screening=frozenset({"radiation"})))
    place = place_for(scene.manager, *facility_of(scene))
    (changed,) = try_out(Policy((PolicyStep(SAFETY), elsewhere)), place, AT).changed
    assert [each[0] for each in changed.after] == [SAFETY]
    assert try_out(policy, place, AT).changed == []  # the office is asked by the built-in one, too
    with count_queries() as without:
        ask(scene, 2)
    in_force(scene, PolicyStep(SAFETY), policy.steps[1])
    ask(scene, 3)
    with count_queries() as within:
        route = ask(scene, 4).route_facts
    assert within.count <= without.count
    assert [each[0] for each in route["route"]] == [SAFETY, OFFICE]
    assert route["screening_class"] == "data_transfer"


def test_a_policy_that_binds_is_tried_and_decides_with_those_below(session, scene, client):
    """What the trial says of requests that a nearer policy decides is what is stored with them afterwards."""
    host = ("host", scene.instrument.facility.host.slug)
    instrument = ("instrument", scene.instrument.slug)
    own = in_force(scene, PolicyStep(MANAGER, auto=Auto(at_most=600)), where=instrument)
    steps = (PolicyStep(MANAGER), PolicyStep(OFFICE, 2, working_days=3))
    place = place_for(scene.office, *host)
    asked = [ask(scene, day) for day in (1, 2)]
    assert {each.state for each in asked} == {State.CONFIRMED}
    assert try_out(Policy(steps), place, AT).total == 0, "others are decided by their own policy"
    trial = try_out(Policy(steps, binding=True), place, AT)
    assert (trial.total, len(trial.changed)) == (2, 2)
    bound = in_force(scene, *steps, where=host, by=scene.office, binding=True)
    booking = ask(scene, 3)
    assert booking.route_facts["route"] == trial.changed[0].after == trial.changed[1].after
    assert (booking.policy_id, booking.route_facts["bound_by"]) == (own.id, [bound.id])
    assert statuses(booking) == [(MANAGER, "pending"), (OFFICE, "waiting")], "it needs both"
    assert booking.steps[1].working_days == 3
    with pytest.raises(InvalidInput) as refused:
        services.save_draft(
            *instrument, Policy(steps, binding=True), "", by=scene.manager, at=AT, revision=None
        )
    assert set(refused.value.fields) == {"binding"}
    freed = try_out(Policy(steps), place, AT)
    assert [each.reference for each in freed.changed] == [booking.reference]
    session.commit()
    with time_machine.travel(AT, tick=False):
        sign_in(client, scene.manager)
        root = f"/manage/policies/instrument/{scene.instrument.slug}"
        assert client.get(root).text.count("asked by the host in any case") == 2
        assert "asked by the host in any case" in client.get(f"{root}/draft").text
        form = {"revision": "0", "do": "save", "step-1-role": MANAGER, "hold_days": "5"}
        saved = client.post(f"{root}/draft", data={**form, "step-1-silence": "expire"})
        said = (
            "The host asks for these steps in any case: Facility manager and International office"
        )
        assert said in saved.text


def test_only_requests_that_a_policy_would_decide_are_tried(scene):
    other = make_instrument(scene.instrument.facility)
    in_force(scene, PolicyStep(OFFICE), where=("instrument", other.slug))
    make_booking(other, scene.applicant)
    ask(scene)
    make_booking(make_instrument(), scene.applicant)
    trial = try_out(
        Policy((PolicyStep(OFFICE),)), place_for(scene.manager, *facility_of(scene)), AT
    )
    assert (trial.total, len(trial.changed)) == (1, 1)
    host = scene.instrument.facility.host_id
    assert trial.changed[0].after == [[OFFICE, "institution", host, 1, False]]


def test_who_may_write_which_policy_and_what_is_refused(session, scene):
    policy = Policy((PolicyStep(MANAGER),))
    elsewhere = make_staff(MANAGER, make_facility())
    host = ("host", scene.instrument.facility.host.slug)
    for by, where in (
        (elsewhere, facility_of(scene)),
        (scene.manager, host),
        (scene.operator, facility_of(scene)),
        (scene.applicant, facility_of(scene)),
        (scene.office, ("host", scene.applicant.institution.slug)),
        (scene.office, ("galaxy", "x")),
    ):
        for act in (
            lambda by, where: services.save_draft(*where, policy, "", by=by, at=AT, revision=0),
            lambda by, where: services.activate(*where, by=by, at=AT, revision=None),
            lambda by, where: services.discard_draft(*where, by=by, at=AT, revision=None),
        ):
            with pytest.raises(NotFound):
                act(by, where)
    how = {"by": scene.manager, "at": AT}
    draft = services.save_draft(*facility_of(scene), policy, "", **how, revision=0)
    with pytest.raises(StaleVersion):
        services.save_draft(*facility_of(scene), policy, "", **how, revision=0)
    silent = Policy((PolicyStep(SAFETY, silence=Silence.APPROVE),))
    with pytest.raises(InvalidInput):
        services.save_draft(*facility_of(scene), silent, "", **how, revision=None)
    for day in (date(2026, 3, 1), date(2028, 1, 1)):
        with pytest.raises(InvalidInput):
            services.activate(*facility_of(scene), **how, revision=draft.revision, first_day=day)
    services.discard_draft(*facility_of(scene), **how, revision=draft.revision)
    assert draft_of(place_for(scene.manager, *facility_of(scene))) is None
    in_force(scene, PolicyStep(MANAGER))
    session.commit()
    assert session.query(AuditEntry).filter_by(action="policy.activate").count() == 1


def test_a_policy_is_written_tried_and_activated_on_its_pages(client, session, scene):
    ask(scene, 400 // 10)
    session.commit()
    sign_in(client, scene.manager)
    root = f"/manage/policies/facility/{scene.instrument.facility.slug}"
    assert "The built-in policy" in client.get("/manage/policies").text
    assert client.get(root).status_code == client.get(f"{root}/draft").status_code == 200
    assert (
        client.get(f"/api/v1/policies{root.removeprefix('/manage/policies')}").json["draft"] is None
    )
    form = {
        "revision": "0", "hold_days": "14", "note": "Faster", "step-1-role": "facility_manager",
        "step-1-remind_days": "1", "step-1-silence": "escalate", "step-1-working_days": "many",
    }  # fmt: skip
    more = client.post(f"{root}/draft", data=form | {"do": "add"})
    assert more.status_code == 200
    assert 'value="many"' in more.text, "nothing that was typed is lost"
    assert 'name="step-2-role"' in more.text
    refused = client.post(f"{root}/draft", data=form | {"do": "save"})
    assert refused.status_code == 422
    assert 'href="#field-step-1-working_days"' in refused.text
    form |= {"step-1-working_days": "2"}
    refused = client.post(f"{root}/draft", data=form | {"do": "activate"})
    assert 'href="#field-step-1-escalate_to"' in refused.text
    form |= {"step-1-escalate_to": "international_office"}
    tried = client.post(f"{root}/draft", data=form | {"do": "try"})
    assert "It would have changed 1 of the last 1 request." in tried.text
    saved = client.post(f"{root}/draft", data=form | {"do": "activate"})
    assert saved.status_code == 409, "the draft was saved by the trial"
    done = client.post(f"{root}/draft", data=form | {"do": "activate", "revision": "1"})
    assert done.status_code == 302
    page = client.get(root).text
    assert "Its own policy, version 1" in page
    assert "Faster" in page
    sign_in(client, scene.applicant)
    assert client.get("/manage/policies").status_code == 403
    assert client.get(root).status_code == client.get(f"{root}/draft").status_code == 404


def test_a_draft_is_written_by_a_script(client, session, scene):
    bound = in_force(
        scene, PolicyStep(OFFICE), binding=True, by=scene.office,
        where=("host", scene.instrument.facility.host.slug),
    )  # fmt: skip
    session.commit()
    address = f"/api/v1/policies/facility/{scene.instrument.facility.slug}"
    headers = {"Authorization": f"Bearer {issue_token(scene.manager, 'x', at=AT)[0]}"}
    session.commit()

    def put(body, **more):
        return client.put(f"{address}/draft", json=body, headers=headers | more)

    steps = [{"role": "safety_officer", "when": {"screening": ["radiation"], "longer_than": 60}}]
    with time_machine.travel(AT, tick=False):
        first = put({"steps": steps, "note": "Rays"})
        assert (first.status_code, first.headers["ETag"]) == (200, '"1"')
        assert first.json["bound"][0]["version"] == bound.version
        assert first.json["notes"] == [
            "The host asks for these steps in any case: International office."
        ]
        assert put({"steps": steps}).status_code == 428
        assert put({"steps": steps}, **{"If-Match": '"7"'}).status_code == 409
        again = put({"steps": steps, "hold_days": 5}, **{"If-Match": first.headers["ETag"]})
        assert (again.status_code, again.json["revision"]) == (200, 2)
        read = client.get(address, headers=headers).json
        assert read["draft"] == again.json
        assert (read["in_force"]["scope"], read["in_force"]["bound"]) == ("institution", [])
        now = {"If-Match": '"2"'}
        for body, wrong in (
            ({"steps": []}, "steps"),
            ({"steps": [{"role": "researcher"}]}, "steps.0.role"),
            ({"steps": [{"role": "safety_officer", "silence": "approve"}]}, "steps.0.silence"),
            ({"steps": [{"role": "liaison", "when": {"longer_than": 0}}]}, "steps.0.when.longer_than"),
            ({"steps": steps, "owner": 1}, "owner"),
        ):  # fmt: skip
            refused = put(body, **now)
            assert (refused.status_code, list(refused.json["errors"])) == (422, [wrong])
        headers["Authorization"] = f"Bearer {issue_token(scene.applicant, 'x', at=AT)[0]}"
        session.commit()
        assert put({"steps": steps}).status_code == 404
