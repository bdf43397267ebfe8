"""What holds of every policy that somebody could write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress, permutations, product

from hypothesis import given
from hypothesis import strategies as st

from instrument_share.booking.policies.faults import faults_of
from instrument_share.booking.policies.rules import (
    BUILT_IN,
    OFFICES,
    Auto,
    Planned,
    Policy,
    PolicyStep,
    Silence,
    When,
    asks_history,
    is_over,
    plan,
    to_ask,
    with_binding,
)
from instrument_share.booking.policies.schemas import DraftIn
from instrument_share.booking.policies.written import as_data, facts_as_data, facts_from, from_data
from instrument_share.booking.rules import History, RouteFacts, StepStatus
from instrument_share.identity.rules import Role


def _some_of(*words: str) -> st.SearchStrategy[frozenset[str]]:
    """Any of the words, all or none."""
    chosen = product((False, True), repeat=len(words))
    return st.sampled_from([frozenset(compress(words, each)) for each in chosen])


_MAYBE = st.sampled_from([None, False, True])


_POINTS = st.none() | st.integers(1, 100)
_MINUTES = st.none() | st.integers(1, 600)


_WHENS = st.builds(
    When, _MAYBE, _MAYBE, _MAYBE, _MAYBE, _MAYBE, _MAYBE, _MAYBE, _MINUTES,
    _some_of("on_site", "remote", "mail_in"), _some_of("own", "domestic", "abroad", "none"),
    _some_of("export_control", "biosafety"), _POINTS, _POINTS,
)  # fmt: skip


_AUTOS = st.builds(
    Auto, st.booleans(), st.booleans(), _MINUTES, st.none() | st.integers(1, 5), _POINTS
)


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


_HISTORIES = st.builds(
    History, st.integers(0, 6), st.integers(0, 1), st.booleans(), *2 * [st.integers(0, 100)]
)


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
    route = plan(BUILT_IN, known)
    assert [planned.step.role for planned in route] == wanted
    assert [planned.stage for planned in route] == list(range(1, len(wanted) + 1))
    assert not faults_of(BUILT_IN)


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
