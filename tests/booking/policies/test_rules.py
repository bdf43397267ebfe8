"""What holds of every policy that somebody could write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import compress, permutations, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.booking.policies.deadlines import Deadline, OfficeCalendar, times_of
from instrument_share.booking.policies.faults import MOST_STEPS, Fault, faults_of
from instrument_share.booking.policies.rules import (
    BUILT_IN,
    OFFICES,
    Auto,
    Planned,
    Policy,
    PolicyStep,
    Silence,
    When,
    applies,
    approves_itself,
    asks_history,
    built_in_route,
    is_over,
    plan,
    to_ask,
    with_binding,
)
from instrument_share.booking.policies.schemas import DraftIn
from instrument_share.booking.policies.written import as_data, facts_as_data, facts_from, from_data
from instrument_share.booking.rules import History, RouteFacts, StepStatus
from instrument_share.foundation.working_days import is_working_day, working_day_after
from instrument_share.identity.rules import Role


def _some_of(*words: str) -> st.SearchStrategy[frozenset[str]]:
    """Any of the words, all or none."""
    chosen = product((False, True), repeat=len(words))
    return st.sampled_from([frozenset(compress(words, each)) for each in chosen])


_MAYBE = st.sampled_from([None, False, True])
_MINUTES = st.none() | st.integers(1, 600)
_WHENS = st.builds(
    When, _MAYBE, _MAYBE, _MAYBE, _MAYBE, _MAYBE, _MAYBE, _MAYBE, _MINUTES,
    _some_of("on_site", "remote", "mail_in"), _some_of("own", "domestic", "abroad", "none"),
    _some_of("export_control", "biosafety"),
)  # fmt: skip
_AUTOS = st.builds(Auto, st.booleans(), st.booleans(), _MINUTES, st.none() | st.integers(1, 5))


def _sound(step: PolicyStep) -> PolicyStep:
    """The step as it may be written; where it may not, its silence ends the request."""
    faults = faults_of(Policy((step,)))
    return replace(step, silence=Silence.EXPIRE) if faults else step


_STEPS = st.builds(
    PolicyStep, st.sampled_from(list(OFFICES)), st.integers(1, 4), _WHENS,
    st.none() | st.integers(1, 10), st.integers(0, 5), st.sampled_from(Silence),
    st.none() | st.sampled_from(list(OFFICES)), _AUTOS, st.booleans(),
).map(_sound)  # fmt: skip
policies = st.builds(
    Policy, st.lists(_STEPS, min_size=1, max_size=6).map(tuple), st.integers(1, 60)
)
written = policies.filter(lambda policy: not faults_of(policy))
_ABOVE = st.lists(written, max_size=2)
#: What can decide: a policy by itself, or with the steps of those above it that bind.
valid = written | st.builds(with_binding, written, _ABOVE)
_HISTORIES = st.builds(History, st.integers(0, 6), st.integers(0, 1), st.booleans())
facts = st.builds(
    RouteFacts, st.just(5), st.just(3), st.just("CN"), st.none() | st.sampled_from(["CN", "KZ"]),
    st.sampled_from(["none", "radiation"]), st.none() | st.sampled_from([3, 4]),
    st.sampled_from(["on_site", "remote"]), st.integers(30, 600), st.booleans(), st.booleans(),
    st.booleans(), st.booleans(), st.none() | _HISTORIES,
    st.sampled_from(["none", "biosafety", "radiation"]),
)  # fmt: skip


@dataclass
class Row:
    """A step of a round as `routing` makes it."""

    office: tuple
    stage: int
    status: str


def rows_of(policy: Policy, known: RouteFacts) -> list[Row]:
    return [
        Row((p.step.role, p.step.scope_id), p.stage, "approved" if p.automatic else "waiting")
        for p in plan(policy, known)
    ]


def ask(rows: list[Row]) -> list[Row]:
    asked = to_ask(rows)
    for row in asked:
        row.status = StepStatus.PENDING
    return asked


@given(valid, facts)
def test_every_route_ends_with_everybody_asked_once_and_nobody_left_out(policy, known):
    rows = rows_of(policy, known)
    assert rows, "somebody decides on every request"
    questions, confirmed = 0, is_over(rows)
    while not confirmed:
        asked = ask(rows)
        assert asked, "a route that is not over asks somebody"
        assert len({row.office for row in asked}) == len(asked)
        assert {row.stage for row in asked} == {asked[0].stage}
        for row in asked:
            assert not is_over(rows), "nothing is confirmed while a step is open"
            assert not to_ask(rows), "the next stage waits for all of this one"
            row.status, questions = StepStatus.APPROVED, questions + 1
        confirmed = is_over(rows)
    assert {row.status for row in rows} == {StepStatus.APPROVED}
    assert questions <= len(rows) <= len(policy.steps)
    assert len({row.office for row in rows}) == len(rows), "an office decides once in a round"


@given(valid, facts)
def test_no_step_waits_for_an_office_that_cannot_be(policy, known):
    for planned in plan(policy, known):
        assert planned.step.role in OFFICES
        assert planned.step.scope_id or planned.step.scope_kind == "programme"
    stages = [planned.stage for planned in plan(policy, known)]
    assert sorted(set(stages)) == list(range(1, max(stages) + 1))


@given(valid, facts)
def test_the_order_of_answers_within_a_stage_does_not_matter(policy, known):
    first = ask(rows_of(policy, known))[:3]
    results = set()
    for order in permutations(range(len(first))):
        rows = rows_of(policy, known)
        asked = ask(rows)
        for index in order:
            asked[index].status = StepStatus.APPROVED
        for index in range(len(order), len(asked)):
            asked[index].status = StepStatus.APPROVED
        results.add(tuple((row.office, row.status) for row in rows + to_ask(rows)))
    assert len(results) == 1


def stated(policy: Policy, known: RouteFacts) -> list[Planned]:
    """What the policy itself asks for, without the manager who stands in where nothing of it applies."""
    return [planned for planned in plan(policy, known) if planned.rule in policy.steps]


@given(written, _ABOVE, facts)
def test_no_policy_below_leaves_out_or_changes_a_step_that_binds(own, above, known):
    route = {planned.step: planned for planned in plan(with_binding(own, above), known)}
    taken = set()
    for policy in reversed(above):  # from the furthest on
        for asked in stated(replace(policy, steps=policy.binding_steps), known):
            if asked.step in taken:
                continue
            taken.add(asked.step)
            rule = replace(route[asked.step].rule, stage=asked.rule.stage, bound_by=0)
            assert rule == asked.rule, "its deadline, its silence and what approves it count"
            assert route[asked.step].automatic == asked.automatic
    for asked in stated(own, known):
        assert asked.step in route
    if not any(policy.binding_steps for policy in above):
        assert with_binding(own, above) == own
    stages = [planned.stage for planned in route.values()]
    assert stages == sorted(stages)
    assert all(
        planned.stage < later.stage
        for planned in route.values()
        for later in route.values()
        if planned.rule.bound_by < later.rule.bound_by
    ), "the policy's own steps come first, then those of the places above, the nearest first"


@given(written, facts)
def test_policies_and_facts_outlive_being_stored(policy, known):
    assert from_data(as_data(policy)) == policy
    assert DraftIn().load(as_data(policy)).policy == policy
    assert facts_from(facts_as_data(known)) == replace(known, history=None)
    if not asks_history(policy):
        assert plan(policy, known) == plan(policy, replace(known, history=None))


@given(facts)
def test_the_built_in_route_is_what_it_always_was(known):
    wanted = [Role.FACILITY_MANAGER]
    wanted += [Role.SAFETY_OFFICER] if known.safety_class != "none" else []
    wanted += [Role.INTERNATIONAL_OFFICE] if known.applicant_country != "CN" else []
    assert [step.role for step in built_in_route(known)] == wanted
    assert [planned.stage for planned in plan(BUILT_IN, known)] == list(range(1, len(wanted) + 1))
    assert not faults_of(BUILT_IN)


_HERE = RouteFacts(
    5, 3, "CN", "KZ", payer_id=4, access_mode="remote", minutes=240, by_agreement=True
)


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ({"countries_differ": True}, {}, {"applicant_country": "CN"}),
        ({"safety_class": True}, {"safety_class": "radiation"}, {}),
        ({"by_agreement": False}, {"by_agreement": False}, {}),
        ({"vouched": False}, {"vouched": False}, {}),
        ({"whole": True}, {"whole": True}, {}),
        ({"off_hours": True}, {"off_hours": True}, {}),
        ({"first_here": True}, {"history": History()}, {"history": History(uses=1)}),
        ({"longer_than": 240}, {"minutes": 241}, {}),
        ({"access_modes": frozenset({"remote"})}, {}, {"access_mode": "on_site"}),
        ({"payers": frozenset({"abroad"})}, {}, {"payer_id": 3}),
        ({"payers": frozenset({"own"})}, {"payer_id": 3}, {}),
        ({"payers": frozenset({"domestic"})}, {"applicant_country": "CN"}, {}),
        ({"payers": frozenset({"none"})}, {"payer_id": None}, {}),
        (
            {"screening": frozenset({"biosafety", "data_transfer"})},
            {"screening_class": "biosafety"}, {"screening_class": "radiation"},
        ),
    ],
)  # fmt: skip
def test_what_each_condition_means(condition, yes, no):
    assert applies(When(**condition), replace(_HERE, **yes))
    assert not applies(When(**condition), replace(_HERE, **no))


@pytest.mark.parametrize(
    ("auto", "yes", "no"),
    [
        ({"independent": True}, {"history": History(independent=True)}, {"history": History()}),
        ({"at_most": 240}, {}, {"minutes": 241}),
        ({"by_agreement": True}, {}, {"by_agreement": False}),
        ({"uses": 2}, {"history": History(2)}, {"history": History(1)}),
        ({"uses": 2}, {"history": History(9)}, {"history": History(9, no_shows=1)}),
        ({"uses": 1, "at_most": 240}, {"history": History(1)}, {}),
    ],
)
def test_when_a_step_approves_itself(auto, yes, no):
    assert approves_itself(Auto(**auto), replace(_HERE, **yes))
    assert not approves_itself(Auto(**auto), replace(_HERE, **no))
    assert not approves_itself(Auto(), replace(_HERE, **yes))


def test_what_a_policy_must_not_say():
    manager, safety = Role.FACILITY_MANAGER, Role.SAFETY_OFFICER
    wrong = {
        "step-1-silence": (PolicyStep(safety, silence=Silence.APPROVE), Fault.MUST_ANSWER),
        "step-1-role": (PolicyStep(Role.OPERATOR), Fault.UNKNOWN_OFFICE),
        "step-1-stage": (PolicyStep(manager, 0), Fault.STAGE),
        "step-1-working_days": (PolicyStep(manager, working_days=31), Fault.DAYS),
        "step-1-remind_days": (PolicyStep(manager, remind_days=-1), Fault.REMINDER),
        "step-1-uses": (PolicyStep(manager, auto=Auto(uses=-1)), Fault.MINUTES),
        "step-1-longer_than": (PolicyStep(manager, when=When(longer_than=-5)), Fault.MINUTES),
    }
    for field, (step, fault) in wrong.items():
        assert faults_of(Policy((step,))) == {field: fault}
    to = {"silence": Silence.ESCALATE}
    assert faults_of(Policy((PolicyStep(manager, **to),))) == {
        "step-1-escalate_to": Fault.NOBODY_TO_ESCALATE_TO
    }
    assert faults_of(Policy((PolicyStep(manager, **to, escalate_to=manager),))) == {
        "step-1-escalate_to": Fault.SAME_OFFICE
    }
    assert faults_of(Policy(())) == {"steps": Fault.NO_STEPS}
    assert faults_of(Policy((PolicyStep(manager),) * (MOST_STEPS + 1))) == {"steps": Fault.TOO_MANY}
    assert faults_of(Policy((PolicyStep(manager),), 61)) == {"hold_days": Fault.HOLD}
    binding = Policy((PolicyStep(manager), PolicyStep(manager, binding=True)))
    assert faults_of(binding) == {}
    assert faults_of(binding, may_bind=False) == {"step-2-binding": Fault.NOTHING_BELOW}


@given(written, _ABOVE, facts)
def test_a_step_that_does_not_bind_is_asked_only_where_nothing_nearer_was_written(
    own, above, known
):
    loose = [
        replace(each, steps=tuple(step for step in each.steps if not step.binding))
        for each in above
    ]
    assert with_binding(own, loose) == own


@given(written, facts)
def test_a_step_that_binds_says_the_same_in_its_own_place(own, known):
    route = {planned.step: planned.rule for planned in plan(own, known)}
    for asked in stated(replace(own, steps=own.binding_steps), known):
        assert route[asked.step] == asked.rule


def test_older_versions_bound_with_all_of_their_steps():
    document = as_data(Policy((PolicyStep(Role.LIAISON), PolicyStep(Role.SAFETY_OFFICER, 2))))
    assert all(step.binding for step in from_data(document | {"binding": True}).steps)
    assert from_data(document).binding_steps == ()


SHANGHAI, ALMATY, CAIRO = (
    OfficeCalendar(country, ZoneInfo(zone))
    for country, zone in (("CN", "Asia/Shanghai"), ("KZ", "Asia/Almaty"), ("EG", "Africa/Cairo"))
)


@pytest.mark.parametrize(
    ("office", "asked", "days", "due"),
    [
        (
            SHANGHAI,
            "2026-09-30T04:00",
            1,
            "2026-10-08T16:00",
        ),  # National Day, until Thursday the 8th
        (SHANGHAI, "2026-09-30T04:00", 3, "2026-10-10T16:00"),  # the Saturday is worked for it
        (SHANGHAI, "2026-10-01T04:00", 1, "2026-10-08T16:00"),  # asked on the holiday itself
        (ALMATY, "2026-03-20T06:00", 1, "2026-03-26T19:00"),  # Nauryz and what is observed for it
        (CAIRO, "2026-05-25T08:00", 1, "2026-05-31T21:00"),  # Eid, then Friday and Saturday
        (SHANGHAI, "2026-03-04T04:00", 2, "2026-03-06T16:00"),  # an ordinary week
    ],
)
def test_deadlines_are_working_days_of_the_office(office, asked, days, due):
    at = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    times = times_of(Deadline(days, 1, Silence.EXPIRE), office, at, at + timedelta(days=60))
    assert times.due_at == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert times.remind_at is not None
    assert at < times.remind_at < times.due_at


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    st.integers(1, 30), st.integers(0, 5), st.sampled_from(Silence),
    st.sampled_from([SHANGHAI, ALMATY, CAIRO]), st.timedeltas(timedelta(minutes=1), timedelta(days=60)),
)  # fmt: skip
def test_a_deadline_lies_between_the_question_and_the_end_of_the_hold(
    at, days, remind, silence, office, hold
):
    times = times_of(Deadline(days, remind, silence), office, at, at + hold)
    assert at < times.due_at <= at + hold
    if silence is not Silence.EXPIRE:
        assert times.due_at < at + hold, "there is time for what silence means"
    if times.remind_at is not None:
        assert at < times.remind_at <= times.due_at


def test_days_that_are_worked_for_a_holiday_and_territories_without_a_calendar():
    assert is_working_day(date(2026, 9, 20), "CN")  # a Sunday
    assert not is_working_day(date(2026, 10, 7), "CN")
    assert not is_working_day(date(2026, 3, 6), "EG")  # a Friday
    assert working_day_after(date(2026, 3, 6), 1, "XX") == date(2026, 3, 9)
