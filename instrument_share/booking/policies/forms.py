"""A policy as it is typed: every step a group of fields `step-1-role`, `step-1-working_days` and so on.

What was typed stays as it was until it can be read; buttons add, remove and move whole steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from ...access.screening.rules import CLASSES
from ...catalogue.rules import AccessMode
from ...foundation.http.conditional import number_in
from ...identity.rules import Role
from .faults import MOST_STEPS, Fault
from .labels import CONDITIONS, FAULTS, NOT_A_NUMBER
from .rules import OFFICES, Auto, Payer, Policy, PolicyStep, Silence, When

_SINGLE = (
    "role", "together", "working_days", "remind_days", "silence", "escalate_to", "longer_than",
    "binding", "independent", "auto_by_agreement", "at_most", "uses", "record", "record_below",
    "institution_below", *CONDITIONS,
)  # fmt: skip
_SEVERAL = ("access_modes", "payers", "screening")
_LONGEST = 300


@dataclass
class Typed:
    """What is in the form's fields: of each step by name, and of the whole policy."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    hold_days: str = "14"
    note: str = ""
    first_day: str = ""

    @classmethod
    def of(cls, policy: Policy, note: str = "") -> Typed:
        ordered = sorted(policy.steps, key=lambda step: step.stage)
        before = [None, *(step.stage for step in ordered)]
        steps = [
            _typed(step, together=step.stage == previous)
            for step, previous in zip(ordered, before, strict=False)
        ]
        return cls(steps, str(policy.hold_days), note)

    @classmethod
    def sent(cls, form: MultiDict[str, str]) -> Typed:
        """What a form holds; more steps than can be are cut off."""
        count = 0
        while count < MOST_STEPS and f"step-{count + 1}-role" in form:
            count += 1
        return cls(
            [_sent(form, number) for number in range(1, count + 1)],
            form.get("hold_days", "")[:_LONGEST],
            form.get("note", "").strip()[:_LONGEST],
            form.get("first_day", "")[:20],
        )

    def pressed(self, button: str) -> bool:
        """Do what a button says: `add`, `remove-2`, `up-2`, `down-2`; False for any other."""
        verb, _, number = button.partition("-")
        index = (number_in(number) or 0) - 1
        if verb == "add" and len(self.steps) < MOST_STEPS:
            self.steps.append(_typed(PolicyStep(Role.FACILITY_MANAGER, working_days=3)))
        elif verb == "remove" and 0 <= index < len(self.steps):
            del self.steps[index]
        elif verb in ("up", "down") and 0 <= index < len(self.steps):
            self._swap(index, index + (1 if verb == "down" else -1))
        else:
            return False
        return True

    def _swap(self, one: int, other: int) -> None:
        if 0 <= other < len(self.steps):
            self.steps[one], self.steps[other] = self.steps[other], self.steps[one]

    def read(self) -> tuple[Policy, dict[str, Any]]:
        """The policy that is meant, and what cannot be read, by field; the services say what else is wrong."""
        errors: dict[str, Any] = {}
        steps, stage = [], 0
        for number, typed in enumerate(self.steps, 1):
            stage += 0 if typed["together"] and stage else 1
            reading = _Reading(typed, f"step-{number}-", errors)
            steps.append(reading.step(stage))
        hold = _Reading({"hold_days": self.hold_days}, "", errors).number("hold_days")
        return Policy(tuple(steps), 0 if hold is None else hold), errors


@dataclass
class _Reading:
    """One step's fields, read one after the other."""

    typed: Mapping[str, Any]
    prefix: str
    errors: dict[str, Any]

    def step(self, stage: int) -> PolicyStep:
        silence = self.typed["silence"]
        return PolicyStep(
            self._office("role", Fault.UNKNOWN_OFFICE) or Role.FACILITY_MANAGER,
            stage,
            self._when(),
            self.number("working_days"),
            self.number("remind_days") or 0,
            Silence(silence) if silence in list(Silence) else Silence.EXPIRE,
            self._office("escalate_to", None),
            Auto(
                bool(self.typed["independent"]),
                bool(self.typed["auto_by_agreement"]),
                self.number("at_most"),
                self.number("uses"),
                self.number("record"),
            ),
            bool(self.typed["binding"]),
        )

    def _when(self) -> When:
        flags = {name: {"yes": True, "no": False}.get(self.typed[name]) for name in CONDITIONS}
        return When(
            **flags,
            longer_than=self.number("longer_than"),
            access_modes=frozenset(self.typed["access_modes"]) & frozenset(map(str, AccessMode)),
            payers=frozenset(self.typed["payers"]) & frozenset(map(str, Payer)),
            screening=frozenset(self.typed["screening"]) & frozenset(map(str, CLASSES)),
            record_below=self.number("record_below"),
            institution_below=self.number("institution_below"),
        )

    def _office(self, name: str, fault: Fault | None) -> Role | None:
        value = self.typed[name]
        if value in [str(role) for role in OFFICES]:
            return Role(value)
        if fault is not None:
            self.errors[self.prefix + name] = FAULTS[fault]
        return None

    def number(self, name: str) -> int | None:
        """Nothing typed is None; 0 is read as it is, so that the rules can refuse it."""
        value = str(self.typed[name]).strip()
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) < 7:
            return int(value)
        self.errors[self.prefix + name] = NOT_A_NUMBER
        return None


def _typed(step: PolicyStep, *, together: bool = False) -> dict[str, Any]:
    words = {None: "", True: "yes", False: "no"}
    return {
        "role": str(step.role),
        "together": "1" if together else "",
        "working_days": _shown(step.working_days),
        "remind_days": str(step.remind_days),
        "silence": str(step.silence),
        "escalate_to": str(step.escalate_to or ""),
        "longer_than": _shown(step.when.longer_than),
        "record_below": _shown(step.when.record_below),
        "institution_below": _shown(step.when.institution_below),
        "binding": "1" if step.binding else "",
        "independent": "1" if step.auto.independent else "",
        "auto_by_agreement": "1" if step.auto.by_agreement else "",
        "at_most": _shown(step.auto.at_most),
        "uses": _shown(step.auto.uses),
        "record": _shown(step.auto.record),
        "access_modes": sorted(step.when.access_modes),
        "payers": sorted(step.when.payers),
        "screening": sorted(step.when.screening),
    } | {name: words[getattr(step.when, name)] for name in CONDITIONS}


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)


def _sent(form: MultiDict[str, str], number: int) -> dict[str, Any]:
    single = {name: form.get(f"step-{number}-{name}", "")[:_LONGEST] for name in _SINGLE}
    return single | {name: form.getlist(f"step-{number}-{name}")[:20] for name in _SEVERAL}
