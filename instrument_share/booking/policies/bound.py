"""The steps that a place is asked for in any case, in words: on its page, in its editor, and to scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import LazyString, lazy_gettext

from ...foundation.http import show
from .in_force import InForce
from .labels import OFFICE_NAMES, step_told, steps_told
from .rules import Policy
from .written import as_data

#: Why a step stands there, by the kind of the place that asks for it.
_REASONS: dict[str, LazyString] = {
    "institution": lazy_gettext("asked by the host in any case"),
    "facility": lazy_gettext("asked by the facility in any case"),
}
_SENTENCES: dict[str, LazyString] = {
    "institution": lazy_gettext("The host asks for these steps in any case: %(steps)s."),
    "facility": lazy_gettext("The facility asks for these steps in any case: %(steps)s."),
}


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step in a sentence; `reason` says who asks for it where it is not the policy's own."""

    text: str
    reason: str = ""


def steps_in_force(in_force: InForce) -> list[ToldStep]:
    """All that decides, in its order."""
    reasons = ["", *(str(_REASONS[_kind(each)]) for each in in_force.bound)]
    return [ToldStep(text, reasons[bound_by]) for text, bound_by in steps_told(in_force.whole)]


def steps_above(bound: Sequence[InForce]) -> list[ToldStep]:
    """What is asked whatever is written below."""
    return [
        ToldStep(step_told(replace(step, binding=False)), str(_REASONS[_kind(each)]))
        for each in bound
        for step in each.rules.binding_steps
    ]


def sentences(bound: Sequence[InForce]) -> list[str]:
    """What whoever writes a policy below is told of them."""
    return [
        str(_SENTENCES[_kind(each)])
        % {
            "steps": show.listed(
                [str(OFFICE_NAMES[step.role]) for step in each.rules.binding_steps]
            )
        }
        for each in bound
    ]


def bound_out(bound: Sequence[InForce]) -> list[dict[str, Any]]:
    """The same for scripts, as the steps were written."""
    return [
        {"scope": _kind(each), "version": each.version, **as_data(_binding_part(each.rules))}
        for each in bound
    ]


def _binding_part(policy: Policy) -> Policy:
    return replace(policy, steps=policy.binding_steps)


def _kind(version: InForce) -> str:
    return version.scope.kind if version.scope else ""
