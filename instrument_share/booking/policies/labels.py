"""The words of policies, in the reader's language, and a policy told in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from ...access.screening.labels import CLASS_NAMES
from ...catalogue.labels import MODES
from ...foundation.http import show
from ...identity.rules import Role
from .faults import Fault
from .rules import Auto, Payer, Policy, PolicyStep, Silence, When

OFFICE_NAMES: dict[str, LazyString] = {
    Role.FACILITY_MANAGER: lazy_gettext("Facility manager"),
    Role.SAFETY_OFFICER: lazy_gettext("Safety officer"),
    Role.INTERNATIONAL_OFFICE: lazy_gettext("International office"),
    Role.LIAISON: lazy_gettext("Liaison of the institution that pays"),
    Role.PROGRAMME_OFFICER: lazy_gettext("Programme officer"),
}
SILENCES: dict[str, LazyString] = {
    Silence.EXPIRE: lazy_gettext("The request waits and expires when its hold runs out"),
    Silence.ESCALATE: lazy_gettext("Another office is asked, too"),
    Silence.APPROVE: lazy_gettext("The step counts as approved"),
}
PAYERS: dict[str, LazyString] = {
    Payer.OWN: lazy_gettext("The host itself"),
    Payer.DOMESTIC: lazy_gettext("Another institution of its country"),
    Payer.ABROAD: lazy_gettext("An institution abroad"),
    Payer.NONE: lazy_gettext("No institution"),
}
#: Conditions that hold or do not: what each is called, and what it says of a request in either case.
CONDITIONS: dict[str, tuple[LazyString, LazyString, LazyString]] = {
    "countries_differ": (
        lazy_gettext("Applicant from a country other than the host's"),
        lazy_gettext("the applicant is from another country"),
        lazy_gettext("the applicant is from the host's country"),
    ),
    "safety_class": (
        lazy_gettext("Instrument with a safety class"),
        lazy_gettext("the instrument has a safety class"),
        lazy_gettext("the instrument has no safety class"),
    ),
    "by_agreement": (
        lazy_gettext("Under an agreement"),
        lazy_gettext("it is under an agreement"),
        lazy_gettext("it is under no agreement"),
    ),
    "vouched": (
        lazy_gettext("Applicant vouched for"),
        lazy_gettext("the applicant is vouched for"),
        lazy_gettext("the applicant is not vouched for"),
    ),
    "whole": (
        lazy_gettext("The whole instrument"),
        lazy_gettext("the whole instrument is asked for"),
        lazy_gettext("not the whole instrument is asked for"),
    ),
    "off_hours": (
        lazy_gettext("Before 8:00, after 18:00, or on a weekend"),
        lazy_gettext("it is outside normal hours"),
        lazy_gettext("it is within normal hours"),
    ),
    "first_here": (
        lazy_gettext("First use of this facility"),
        lazy_gettext("the applicant has not used the facility before"),
        lazy_gettext("the applicant has used the facility before"),
    ),
}
FAULTS: dict[str, LazyString] = {
    Fault.NO_STEPS: lazy_gettext("Add at least one step."),
    Fault.TOO_MANY: lazy_gettext("Twelve steps are the most."),
    Fault.UNKNOWN_OFFICE: lazy_gettext("Choose an office from the list."),
    Fault.STAGE: lazy_gettext("Give a stage from 1 to 12."),
    Fault.DAYS: lazy_gettext("Give 1 to 30 working days."),
    Fault.REMINDER: lazy_gettext("Give 0 to 30 working days."),
    Fault.MINUTES: lazy_gettext("Give a whole number of at least 1."),
    Fault.POINTS: lazy_gettext("Give 1 to 100 points."),
    Fault.NOBODY_TO_ESCALATE_TO: lazy_gettext("Choose which office is asked then."),
    Fault.SAME_OFFICE: lazy_gettext("Choose an office other than the one that was silent."),
    Fault.MUST_ANSWER: lazy_gettext("Silence is no opinion on safety. Choose something else."),
    Fault.HOLD: lazy_gettext("Give 1 to 60 days."),
    Fault.NOTHING_BELOW: lazy_gettext("Only the policy of a host or a facility can bind others."),
}
NOT_A_NUMBER = lazy_gettext("Write a whole number.")
TOO_EARLY = lazy_gettext("This day is over. Choose one that is still to come.")
TOO_LATE = lazy_gettext("Choose a day within a year.")


def sentences_of(policy: Policy) -> list[str]:
    """The policy as sentences, one for each step in its order, and what holds of the whole."""
    return [*(text for text, _ in steps_told(policy)), *whole_told(policy)]


def steps_told(policy: Policy) -> list[tuple[str, int]]:
    """The steps in their order as sentences, each with how far above it comes from."""
    stages = sorted({step.stage for step in policy.steps})
    ordered = sorted(policy.steps, key=lambda step: step.stage)
    return [
        (f"{stages.index(step.stage) + 1}. {step_told(step)}", step.bound_by) for step in ordered
    ]


def whole_told(policy: Policy) -> list[str]:
    """How long an undecided request holds its time."""
    hold = ngettext(
        "An undecided request holds its time for %(num)s day.",
        "An undecided request holds its time for %(num)s days.",
        policy.hold_days,
    )
    return [hold]


def differences(old: Policy, new: Policy) -> tuple[list[str], list[str]]:
    """What the old one said and the new one does not, and the other way round."""
    before, after = sentences_of(old), sentences_of(new)
    gone = [sentence for sentence in before if sentence not in after]
    return gone, [sentence for sentence in after if sentence not in before]


def route_told(route: Sequence[Sequence[Any]]) -> str:
    """A route as `rules.signature` keeps it: the offices in their order."""
    names = [
        gettext("%(office)s (by itself)", office=OFFICE_NAMES[each[0]])
        if each[4]
        else str(OFFICE_NAMES[each[0]])
        for each in route
    ]
    return _chained(lazy_gettext("%(first)s → %(then)s"), names)


def step_told(step: PolicyStep) -> str:
    """A step as a sentence, without its place in the order."""
    parts = [str(OFFICE_NAMES[step.role]), *_parts(step)]
    return _chained(lazy_gettext("%(first)s; %(then)s"), parts)


def _chained(pattern: LazyString, parts: Sequence[str]) -> str:
    """The parts one after the other, with the mark between them that the reader's language has."""
    return reduce(lambda first, then: str(pattern) % {"first": first, "then": then}, parts)


def _parts(step: PolicyStep) -> Iterator[str]:
    conditions = list(_conditions(step.when))
    yield (
        gettext("where %(conditions)s", conditions=show.listed(conditions))
        if conditions
        else gettext("always")
    )
    yield _deadline(step.working_days)
    if step.silence is Silence.ESCALATE and step.escalate_to is not None:
        yield gettext("then also: %(office)s", office=OFFICE_NAMES[step.escalate_to])
    elif step.silence is Silence.APPROVE:
        yield gettext("silence counts as approval")
    rules = list(_automatic(step.auto))
    if rules:
        yield gettext("approved by itself where %(conditions)s", conditions=show.listed(rules))
    if step.binding and not step.bound_by:
        yield gettext("also asked where a nearer policy decides")


def _deadline(days: int | None) -> str:
    if days is None:
        return gettext("within five days")
    return ngettext("within %(num)s working day", "within %(num)s working days", days)


def _conditions(when: When) -> Iterator[str]:
    for name, (_, yes, no) in CONDITIONS.items():
        asked = getattr(when, name)
        if asked is not None:
            yield str(yes if asked else no)
    if when.longer_than is not None:
        yield gettext("it is longer than %(time)s", time=show.minutes(when.longer_than))
    if when.access_modes:
        modes = [str(MODES[mode]) for mode in sorted(when.access_modes)]
        yield gettext("the access mode is %(modes)s", modes=show.listed(modes))
    if when.payers:
        payers = [str(PAYERS[payer]) for payer in sorted(when.payers)]
        yield gettext("who pays is %(payers)s", payers=show.listed(payers))
    if when.screening:
        classes = [str(CLASS_NAMES[each]) for each in sorted(when.screening)]
        yield gettext(
            "the instrument asks for screening (%(classes)s)", classes=show.listed(classes)
        )
    if when.record_below is not None:
        points = show.number(when.record_below)
        yield gettext("the applicant's record is below %(points)s points", points=points)
    if when.institution_below is not None:
        points = show.number(when.institution_below)
        yield gettext("the record of their institution is below %(points)s points", points=points)


def _automatic(auto: Auto) -> Iterator[str]:
    if auto.independent:
        yield gettext("the applicant is qualified to work by themselves")
    if auto.by_agreement:
        yield gettext("it is under an agreement")
    if auto.at_most is not None:
        yield gettext("it takes at most %(time)s", time=show.minutes(auto.at_most))
    if auto.uses is not None:
        yield ngettext(
            "the applicant has used the facility %(num)s time without a no-show",
            "the applicant has used the facility %(num)s times without a no-show",
            auto.uses,
        )
    if auto.record is not None:
        points = show.number(auto.record)
        yield gettext("the applicant's record has at least %(points)s points", points=points)
