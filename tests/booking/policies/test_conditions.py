"""When a step applies, when it approves itself, and what a policy must not say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from instrument_share.booking.policies.faults import MOST_STEPS, Fault, faults_of
from instrument_share.booking.policies.rules import (
    Auto,
    Policy,
    PolicyStep,
    Silence,
    When,
    applies,
    approves_itself,
)
from instrument_share.booking.rules import History, RouteFacts
from instrument_share.identity.rules import Role

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
        ({"record_below": 90}, {"history": History(record=89)}, {"history": History(record=90)}),
        ({"institution_below": 90}, {"history": History(institution=80)}, {"history": None}),
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
        ({"record": 80}, {"history": History(record=80)}, {"history": History(record=79)}),
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
        "step-1-record": (PolicyStep(manager, auto=Auto(record=101)), Fault.POINTS),
        "step-1-record_below": (PolicyStep(manager, when=When(record_below=0)), Fault.POINTS),
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
