"""Policies and the facts of requests as the database keeps them: JSON and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ...identity.rules import Role
from ..rules import RouteFacts
from .rules import Auto, Policy, PolicyStep, Silence, When


def as_data(policy: Policy) -> dict[str, Any]:
    """The policy as JSON; what does not matter is left out."""
    return {"hold_days": policy.hold_days, "steps": [_step_data(step) for step in policy.steps]}


def from_data(data: Mapping[str, Any]) -> Policy:
    """The policy that `as_data` wrote; older versions bound with all of their steps, or with none."""
    binds = {"binding": True} if data.get("binding") else {}
    steps = tuple(_step_from(each | binds) for each in data["steps"])
    return Policy(steps, data["hold_days"])


def facts_as_data(facts: RouteFacts) -> dict[str, Any]:
    """The facts as JSON, without the history: that is read again as it was."""
    return {
        each.name: getattr(facts, each.name) for each in fields(facts) if each.name != "history"
    }


def facts_from(data: Mapping[str, Any]) -> RouteFacts:
    known = {each.name for each in fields(RouteFacts)} - {"history"}
    return RouteFacts(**{name: value for name, value in data.items() if name in known})


def _step_data(step: PolicyStep) -> dict[str, Any]:
    data: dict[str, Any] = {
        "role": str(step.role),
        "stage": step.stage,
        "working_days": step.working_days,
        "remind_days": step.remind_days,
        "silence": str(step.silence),
        "escalate_to": str(step.escalate_to) if step.escalate_to else None,
    }
    binds = {"binding": True} if step.binding else {}
    return data | {"when": _set_in(step.when), "auto": _set_in(step.auto)} | binds


def _set_in(part: When | Auto) -> dict[str, Any]:
    values = {each.name: getattr(part, each.name) for each in fields(part)}
    empty = (None, frozenset()) if isinstance(part, When) else (None, False)
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in values.items()
        if value not in empty
    }


def _step_from(data: Mapping[str, Any]) -> PolicyStep:
    when: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value
        for name, value in data["when"].items()
    }
    return PolicyStep(
        Role(data["role"]),
        data["stage"],
        When(**when),
        data["working_days"],
        data["remind_days"],
        Silence(data["silence"]),
        Role(data["escalate_to"]) if data["escalate_to"] else None,
        Auto(**data["auto"]),
        data.get("binding", False),
    )
