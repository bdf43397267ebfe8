"""Every condition of eligibility as one sentence that the researcher can act on, and the page where that begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from flask import has_request_context, url_for
from flask_babel import gettext

from ...catalogue.labels import MODES, SAFETY_CLASSES
from ...catalogue.models import Instrument
from ...foundation.http import show
from ...identity.models import Institution, Person
from ..agreements.models import Agreement
from ..projects.models import Project
from ..rules import Level
from ..screening.labels import CLASS_NAMES, SENTENCES
from ..screening.rules import Standing
from .rules import Applicant, ConditionCode, Demands, OpenKind, is_supervised
from .staff import staff_sentence


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in the reader's language. `action_url` leads to where it can be met, where that
    is known; `action_label` says what is done there.
    """

    code: str
    met: bool
    message: str
    action_url: str | None = None
    action_label: str | None = None


class Addressee(Enum):
    """Whom a sentence is told: the person themselves, or whoever runs the instrument."""

    SELF = "self"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Case:
    """A person and an instrument, with everything that a sentence about them names."""

    instrument: Instrument
    demands: Demands
    person: Person | None = None
    applicant: Applicant | None = None
    institutions: Mapping[int, Institution] = field(default_factory=dict)
    projects: Mapping[int, Project] = field(default_factory=dict)
    agreement: Agreement | None = None


class Sentence(NamedTuple):
    """A sentence, where to go about it, and what that link says."""

    message: str
    action_url: str | None = None
    action_label: str | None = None


def explained(
    code: ConditionCode, met: bool, case: Case, addressee: Addressee = Addressee.SELF
) -> Condition:
    """The condition `code` told to the addressee; only what is not met leads anywhere."""
    if not met and addressee is Addressee.STAFF:
        return Condition(code, met, staff_sentence(code, case.agreement))
    sentence = (_MET if met else _UNMET)[code](case)
    return Condition(code, met, *sentence)


def _sign_in(case: Case) -> Sentence:
    here = _page("catalogue.instrument", slug=case.instrument.slug) or ""
    return Sentence(
        gettext("Sign in or sign up, so that we can tell what else you need."),
        _page("identity.sign_in", next=here),
        gettext("Sign in"),
    )


def _confirm_mail(_: Case) -> Sentence:
    return Sentence(
        gettext("Confirm your e-mail address: open the link that we sent you."),
        _page("identity.account"),
        gettext("Look at your account"),
    )


def _ask_liaison(case: Case) -> Sentence:
    """Somebody without an institution has nobody to ask: they say where they work, or theirs has to join first."""
    if case.person is not None and case.person.institution is None:
        return Sentence(
            gettext("Say which institution you belong to, or apply for yours to join."),
            _page("eligibility.vouching"),
            gettext("Name your institution"),
        )
    return Sentence(
        gettext("Ask the liaison of your institution to vouch for you in this system."),
        _page("eligibility.vouching"),
        gettext("Ask the liaison"),
    )


def _out_of_service(_: Case) -> Sentence:
    return Sentence(
        gettext("The instrument is not in service. Look for another one."),
        _page("catalogue.search"),
        gettext("Find an instrument"),
    )


def _offered(case: Case) -> Sentence:
    asked = MODES.get(case.demands.mode or "", case.demands.mode)
    return Sentence(gettext("The instrument offers this access mode: %(mode)s.", mode=asked))


def _other_mode(case: Case) -> Sentence:
    offered = show.listed([str(MODES[mode]) for mode in case.instrument.access_modes])
    return Sentence(
        gettext("Choose another access mode. The instrument offers: %(modes)s.", modes=offered)
    )


def _is_open(case: Case) -> Sentence:
    match case.demands.kind:
        case OpenKind.ALL:
            return Sentence(gettext("The instrument is open to researchers of every institution."))
        case OpenKind.AGREEMENT:
            return Sentence(gettext("An agreement of your institution covers this instrument."))
        case OpenKind.PROJECTS:
            return Sentence(gettext("A joint project of yours may use this instrument."))
        case _:
            return Sentence(_whom(case))


def _is_closed(case: Case) -> Sentence:
    """Says whom the instrument is open to, and how to become one of them."""
    demands = case.demands
    match demands.kind:
        case OpenKind.AGREEMENT:
            return Sentence(
                gettext(
                    "Open to partner institutions with an agreement that covers this instrument. "
                    "Ask your liaison."
                ),
                _page("agreements.index"),
                gettext("See your agreements"),
            )
        case OpenKind.PROJECTS:
            return _join_project(case)
        case _ if case.person is not None and case.person.institution is None:
            return Sentence(_whom(case), joining_url(), gettext("Let your institution join"))
        case _:
            return Sentence(_whom(case), _page("identity.account"), gettext("Look at your account"))


def _join_project(case: Case) -> Sentence:
    """The first of the projects is the one that is asked for a place."""
    projects = [
        each for key in case.demands.open_to.get("projects", ()) if (each := case.projects.get(key))
    ]
    names = show.listed([show.localized(each.titles) for each in projects])
    return Sentence(
        gettext("Open to the members of: %(projects)s. Ask to join.", projects=names),
        _page("projects.join", reference=projects[0].reference) if projects else None,
        gettext("Ask to join the project"),
    )


def _whom(case: Case) -> str:
    open_to = case.demands.open_to
    if case.demands.kind == OpenKind.COUNTRIES:
        names = show.listed(sorted(map(show.country, open_to.get("countries", ()))))
        return gettext("Open to researchers of institutions in: %(countries)s.", countries=names)
    known = (case.institutions.get(key) for key in open_to.get("institutions", ()))
    names = show.listed(sorted(show.localized(each.names) for each in known if each))
    return gettext("Open to researchers of: %(institutions)s.", institutions=names)


def _hours_left(case: Case) -> Sentence:
    left = case.applicant.minutes_left if case.applicant else None
    return Sentence(
        gettext("%(time)s are left for you under your agreements.", time=show.minutes(left or 0))
    )


def _no_hours_left(_: Case) -> Sentence:
    return Sentence(
        gettext(
            "No hours are left under the agreements of your institution that cover this instrument. "
            "Choose one with hours left, or ask your liaison."
        ),
        _page("agreements.index"),
        gettext("See what is left"),
    )


def _train(case: Case) -> Sentence:
    sentence = (
        gettext("You need training to use this instrument on your own. Ask for a place in one.")
        if case.demands.level == Level.INDEPENDENT
        else gettext(
            "You need training to use this instrument under supervision. Ask for a place in one."
        )
    )
    url = _page("training.index", instrument=case.instrument.slug)
    return Sentence(sentence, url, gettext("Find a training"))


def _qualified(case: Case) -> Sentence:
    if is_supervised(case.demands, case.applicant):
        return Sentence(
            gettext(
                "You may use this instrument once with an operator present. "
                "To use it on your own you need more training."
            )
        )
    return Sentence(gettext("You hold the qualification that this instrument asks for."))


def _screened(case: Case) -> Sentence:
    name = CLASS_NAMES.get(case.demands.screening_class, case.demands.screening_class)
    return Sentence(gettext("Your screening “%(name)s” is cleared.", name=name))


def _screen(case: Case) -> Sentence:
    """What stands in the way, by how the screening stands."""
    code = case.demands.screening_class
    standing = case.applicant.screening if case.applicant else Standing.NONE
    sentence = str(SENTENCES[standing]) % {"name": CLASS_NAMES.get(code, code)}
    host = case.instrument.facility.host
    url = _page("screening.form", host=host.slug, screening_class=code)
    return Sentence(sentence, url, gettext("Go to the questions"))


def _safety(case: Case) -> Sentence:
    code = case.demands.safety_class
    return Sentence(
        gettext(
            "Safety class: %(name)s. Tell in your request what is hazardous about your samples; "
            "the safety officer looks at it.",
            name=SAFETY_CLASSES.get(code, code),
        )
    )


#: What is told of a condition that is met.
_MET: dict[ConditionCode, Callable[[Case], Sentence]] = {
    ConditionCode.SIGNED_IN: lambda _: Sentence(gettext("You are signed in.")),
    ConditionCode.MAIL_VERIFIED: lambda _: Sentence(gettext("Your e-mail address is confirmed.")),
    ConditionCode.VOUCHED: lambda _: Sentence(gettext("Your institution has vouched for you.")),
    ConditionCode.IN_SERVICE: lambda _: Sentence(gettext("The instrument is in service.")),
    ConditionCode.MODE_OFFERED: _offered,
    ConditionCode.OPEN_TO: _is_open,
    ConditionCode.HOURS_LEFT: _hours_left,
    ConditionCode.AGREEMENT_HOLDS: lambda _: Sentence(gettext("The agreement is in force.")),
    ConditionCode.QUALIFIED: _qualified,
    ConditionCode.SCREENED: _screened,
    ConditionCode.SAFETY: _safety,
}
#: What is told of one that is not, and where it can be met.
_UNMET: dict[ConditionCode, Callable[[Case], Sentence]] = {
    ConditionCode.SIGNED_IN: _sign_in,
    ConditionCode.MAIL_VERIFIED: _confirm_mail,
    ConditionCode.VOUCHED: _ask_liaison,
    ConditionCode.IN_SERVICE: _out_of_service,
    ConditionCode.MODE_OFFERED: _other_mode,
    ConditionCode.OPEN_TO: _is_closed,
    ConditionCode.HOURS_LEFT: _no_hours_left,
    ConditionCode.AGREEMENT_HOLDS: lambda case: Sentence(
        staff_sentence(ConditionCode.AGREEMENT_HOLDS, case.agreement),
        _page("agreements.index"),
        gettext("See your agreements"),
    ),
    ConditionCode.QUALIFIED: _train,
    ConditionCode.SCREENED: _screen,
    ConditionCode.SAFETY: _safety,
}


def joining_url() -> str | None:
    """Where an institution applies to become a partner."""
    return _page("applications.join")


def _page(endpoint: str, **values: Any) -> str | None:
    """The address of a page; None outside of a request, where nobody could follow it."""
    return url_for(endpoint, **values) if has_request_context() else None
