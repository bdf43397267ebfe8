"""Which decisions a request takes by a policy, in which order, and when a route is at its end. Pure.

A policy is a list of steps, each asked where its conditions hold. Three promises keep every route sound whatever is
written into a policy:

- somebody decides on every request: where no step applies the facility manager is asked, and only a rule that says so
  approves without anybody;
- an office decides once in a round: where several steps ask the same office the first stands;
- a step whose office cannot be (a liaison of nobody's institution) is the facility manager's.

And one to who wrote a binding step: no policy below leaves it out, or changes what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from ...catalogue.rules import SafetyClass
from ...identity.rules import Role
from ..rules import History, RouteFacts, Step, StepStatus


class Silence(StrEnum):
    """What happens to a step that nobody decided by its deadline."""

    EXPIRE = "expire"  # nothing yet: the request expires when its hold runs out
    ESCALATE = "escalate"  # another office is asked, too
    APPROVE = "approve"  # it counts as approved


class Payer(StrEnum):
    """Whom the institution that pays is to the host."""

    OWN = "own"
    DOMESTIC = "domestic"
    ABROAD = "abroad"
    NONE = "none"


#: Roles that decide, and which scope of a booking each is asked in.
OFFICES: Mapping[Role, str] = {
    Role.FACILITY_MANAGER: "facility",
    Role.SAFETY_OFFICER: "host",
    Role.INTERNATIONAL_OFFICE: "host",
    Role.LIAISON: "payer",
    Role.PROGRAMME_OFFICER: "programme",
}
#: Offices that must say yes themselves: silence is no opinion on safety.
NEVER_SILENT = frozenset({Role.SAFETY_OFFICER})


@dataclass(frozen=True, slots=True)
class When:
    """Conditions of a step, all of which must hold; None and nothing chosen mean that it does not matter."""

    countries_differ: bool | None = None
    safety_class: bool | None = None
    by_agreement: bool | None = None
    vouched: bool | None = None
    whole: bool | None = None
    off_hours: bool | None = None
    first_here: bool | None = None
    longer_than: int | None = None  # minutes
    access_modes: frozenset[str] = frozenset()
    payers: frozenset[str] = frozenset()
    screening: frozenset[str] = frozenset()  # classes, one of which the instrument asks for
    record_below: int | None = None  # points of the applicant's record
    institution_below: int | None = None  # points of their institution's


@dataclass(frozen=True, slots=True)
class Auto:
    """When a step approves itself: everything that is set must hold. With nothing set it never does."""

    independent: bool = False  # qualified there to work by themselves
    by_agreement: bool = False
    at_most: int | None = None  # minutes
    uses: int | None = None  # so many uses of the facility, and never a no-show
    record: int | None = None  # at least so many points


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """An office that is asked: in which stage, when, until when, and what its silence means.

    Steps of the same stage are asked at once. `working_days` None is the built-in deadline of five days.
    A `binding` one is asked also where a nearer policy decides; the others only where none does.
    `bound_by` is 0 for a policy's own step, 1 for one that binds it from the next place above, and so on.
    """

    role: Role
    stage: int = 1
    when: When = field(default_factory=When)
    working_days: int | None = None
    remind_days: int = 1
    silence: Silence = Silence.EXPIRE
    escalate_to: Role | None = None
    auto: Auto = field(default_factory=Auto)
    binding: bool = False
    bound_by: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """The steps in the order in which they were written, and for how many days an undecided request holds its time."""

    steps: tuple[PolicyStep, ...]
    hold_days: int = 14

    @property
    def binding_steps(self) -> tuple[PolicyStep, ...]:
        """What is asked wherever the policy covers; the others are what is asked where nobody wrote anything nearer."""
        return tuple(step for step in self.steps if step.binding)


@dataclass(frozen=True, slots=True)
class Planned:
    """A step of a request's route: its stage counts from 1 without gaps; `automatic` ones approve themselves."""

    step: Step
    stage: int
    rule: PolicyStep
    automatic: bool


_MANAGER = PolicyStep(Role.FACILITY_MANAGER)

#: What holds where nobody wrote a policy: the manager, then safety, then the international office.
BUILT_IN = Policy(
    (
        _MANAGER,
        PolicyStep(Role.SAFETY_OFFICER, 2, When(safety_class=True)),
        PolicyStep(Role.INTERNATIONAL_OFFICE, 3, When(countries_differ=True)),
    )
)


def with_binding(own: Policy, above: Iterable[Policy]) -> Policy:
    """The policy and, after its steps, the binding ones of the policies `above` it, the nearest first."""
    steps = list(own.steps)
    for distance, policy in enumerate(above, 1):
        last = max((step.stage for step in steps), default=0)
        steps += [
            replace(step, stage=last + step.stage, bound_by=distance)
            for step in policy.binding_steps
        ]
    return replace(own, steps=tuple(steps))


def plan(policy: Policy, facts: RouteFacts) -> tuple[Planned, ...]:
    """The route of a request, stage by stage. Never empty.

    Where several steps ask the same office, the one that binds from furthest above stands, then one that binds those
    below, else the first.
    """
    chosen: dict[Step, PolicyStep] = {}
    for rule in sorted(policy.steps, key=_precedence):
        if applies(rule.when, facts):
            chosen.setdefault(_step(rule.role, facts), rule)
    if not chosen:
        chosen[_step(Role.FACILITY_MANAGER, facts)] = _MANAGER
    stages = sorted({rule.stage for rule in chosen.values()})
    return tuple(
        Planned(step, stages.index(rule.stage) + 1, rule, approves_itself(rule.auto, facts))
        for step, rule in sorted(chosen.items(), key=lambda each: each[1].stage)
    )


def applies(when: When, facts: RouteFacts) -> bool:
    """Whether all of the conditions hold."""
    return all(
        holds(facts, getattr(when, name))
        for name, holds in _CONDITIONS.items()
        if getattr(when, name) not in (None, frozenset())
    )


def approves_itself(auto: Auto, facts: RouteFacts) -> bool:
    """Whether the rule is set at all and everything that it asks for holds."""
    asked = [name for name in _AUTO if getattr(auto, name) not in (None, False)]
    return bool(asked) and all(_AUTO[name](facts, getattr(auto, name)) for name in asked)


def asks_history(policy: Policy) -> bool:
    """Whether the policy looks at what the applicant did before."""
    return any(
        step.auto.independent
        or any(
            asked is not None
            for asked in (
                step.when.first_here,
                step.when.record_below,
                step.when.institution_below,
                step.auto.uses,
                step.auto.record,
            )
        )
        for step in policy.steps
    )


def payer_of(facts: RouteFacts) -> Payer:
    if facts.payer_id is None:
        return Payer.NONE
    if facts.payer_id == facts.host_id:
        return Payer.OWN
    return Payer.DOMESTIC if facts.applicant_country == facts.host_country else Payer.ABROAD


class Undecided(Protocol):
    """A step of a round, as far as the order of deciding goes."""

    @property
    def stage(self) -> int: ...
    @property
    def status(self) -> str: ...


Each = TypeVar("Each", bound=Undecided)


def to_ask(steps: Sequence[Each]) -> list[Each]:
    """The steps that are to be asked next: the first stage that waits, once nobody is being asked."""
    if any(step.status == StepStatus.PENDING for step in steps):
        return []
    waiting = [step for step in steps if step.status == StepStatus.WAITING]
    first = min((step.stage for step in waiting), default=0)
    return [step for step in waiting if step.stage == first]


def is_over(steps: Iterable[Undecided]) -> bool:
    """Whether every step of the round is decided."""
    return all(step.status not in (StepStatus.PENDING, StepStatus.WAITING) for step in steps)


def signature(route: Iterable[Planned]) -> list[list[Any]]:
    """A route as it is compared: who is asked in which stage, and what needs nobody."""
    return [
        [str(p.step.role), p.step.scope_kind, p.step.scope_id, p.stage, p.automatic] for p in route
    ]


def _precedence(rule: PolicyStep) -> tuple[int, bool, int]:
    return -rule.bound_by, not rule.binding, rule.stage


def _step(role: Role, facts: RouteFacts) -> Step:
    match OFFICES[role]:
        case "facility":
            return Step(role, "facility", facts.facility_id)
        case "host":
            return Step(role, "institution", facts.host_id)
        case "programme":
            return Step(role, "programme", 0)
        case _ if facts.payer_id is not None:
            return Step(role, "institution", facts.payer_id)
        case _:
            return Step(Role.FACILITY_MANAGER, "facility", facts.facility_id)


def _is_used_to(facts: RouteFacts, uses: int) -> bool:
    return facts.history is not None and facts.history.uses >= uses and not facts.history.no_shows


def _past(facts: RouteFacts) -> History:
    """What is known of the past; nothing on record where no policy asked."""
    return facts.history or History()


_CONDITIONS: Mapping[str, Callable[[RouteFacts, Any], bool]] = {
    "countries_differ": lambda f, asked: (f.applicant_country != f.host_country) == asked,
    "safety_class": lambda f, asked: (f.safety_class != SafetyClass.NONE) == asked,
    "by_agreement": lambda f, asked: f.by_agreement == asked,
    "vouched": lambda f, asked: f.vouched == asked,
    "whole": lambda f, asked: f.whole == asked,
    "off_hours": lambda f, asked: f.off_hours == asked,
    "first_here": lambda f, asked: (_past(f).uses == 0) == asked,
    "longer_than": lambda f, limit: f.minutes > limit,
    "access_modes": lambda f, modes: f.access_mode in modes,
    "payers": lambda f, payers: payer_of(f) in payers,
    "screening": lambda f, classes: f.screening_class in classes,
    "record_below": lambda f, points: _past(f).record < points,
    "institution_below": lambda f, points: _past(f).institution < points,
}
_AUTO: Mapping[str, Callable[[RouteFacts, Any], bool]] = {
    "independent": lambda f, _: f.history is not None and f.history.independent,
    "by_agreement": lambda f, _: f.by_agreement,
    "at_most": lambda f, limit: f.minutes <= limit,
    "uses": _is_used_to,
    "record": lambda f, points: f.history is not None and f.history.record >= points,
}
