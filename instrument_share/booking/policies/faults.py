"""What a policy must not say. Pure."""

from __future__ import annotations

from enum import StrEnum

from ..afterwards.rules import WHOLE
from .rules import NEVER_SILENT, OFFICES, Policy, PolicyStep, Silence


class Fault(StrEnum):
    """What a policy must not say."""

    NO_STEPS = "no_steps"
    TOO_MANY = "too_many"
    UNKNOWN_OFFICE = "unknown_office"
    STAGE = "stage"
    DAYS = "days"
    REMINDER = "reminder"
    MINUTES = "minutes"
    POINTS = "points"
    NOBODY_TO_ESCALATE_TO = "nobody_to_escalate_to"
    SAME_OFFICE = "same_office"
    MUST_ANSWER = "must_answer"
    HOLD = "hold"
    NOTHING_BELOW = "nothing_below"


MOST_STEPS, MOST_DAYS, MOST_HOLD = 12, 30, 60


def faults_of(policy: Policy, *, may_bind: bool = True) -> dict[str, Fault]:
    """What is wrong with a policy, by field: `hold_days`, `steps`, `step-1-role` and so on.

    `may_bind`: whether there is anything below it that it could bind.
    """
    found: dict[str, Fault] = {}
    if not policy.steps:
        found["steps"] = Fault.NO_STEPS
    if len(policy.steps) > MOST_STEPS:
        found["steps"] = Fault.TOO_MANY
    if not 1 <= policy.hold_days <= MOST_HOLD:
        found["hold_days"] = Fault.HOLD
    for number, step in enumerate(policy.steps, 1):
        if step.binding and not may_bind:
            found[f"step-{number}-binding"] = Fault.NOTHING_BELOW
        found |= {f"step-{number}-{name}": fault for name, fault in _faults_of(step).items()}
    return found


def _faults_of_points(step: PolicyStep) -> dict[str, tuple[bool, Fault]]:
    points = {
        "record_below": step.when.record_below,
        "institution_below": step.when.institution_below,
        "record": step.auto.record,
    }
    return {
        name: (asked is not None and not 1 <= asked <= WHOLE, Fault.POINTS)
        for name, asked in points.items()
    }


def _faults_of(step: PolicyStep) -> dict[str, Fault]:
    escalates = step.silence is Silence.ESCALATE
    limits = (step.when.longer_than, step.auto.at_most)
    checks = {
        "role": (step.role not in OFFICES, Fault.UNKNOWN_OFFICE),
        "stage": (not 1 <= step.stage <= MOST_STEPS, Fault.STAGE),
        "working_days": (not 1 <= (step.working_days or 1) <= MOST_DAYS, Fault.DAYS),
        "remind_days": (not 0 <= step.remind_days <= MOST_DAYS, Fault.REMINDER),
        "longer_than": (any((limit or 1) < 1 for limit in limits), Fault.MINUTES),
        "uses": ((step.auto.uses or 1) < 1, Fault.MINUTES),
        **_faults_of_points(step),
        "silence": (
            step.silence is Silence.APPROVE and step.role in NEVER_SILENT,
            Fault.MUST_ANSWER,
        ),
        "escalate_to": (
            escalates and step.escalate_to not in OFFICES,
            Fault.NOBODY_TO_ESCALATE_TO,
        ),
    }
    found = {name: fault for name, (wrong, fault) in checks.items() if wrong}
    if escalates and step.escalate_to == step.role:
        found["escalate_to"] = Fault.SAME_OFFICE
    return found
