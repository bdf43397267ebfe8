"""Screenings of the demonstration: two instruments ask for one; most people are cleared, one waits for the office."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ..access.rules import Level
from ..access.screening.queries import checklist_of
from ..access.screening.rules import Answer, Evidence, ScreeningClass
from ..access.screening.services import answer, publish
from ..access.screening.standard import VALID_MONTHS, standard_questions
from ..access.training.services import set_demands
from ..catalogue.models import Instrument
from ..identity.models import Institution, Person
from .papers import paper
from .people import People

_ASKING = {
    "pku-electron-probe-microanalyser": ScreeningClass.EXPORT_CONTROL,
    "tsinghua-titan-krios-cryo-em": ScreeningClass.BIOSAFETY,
}
#: Those who are trained for these instruments, too, and one more.
_CLEARED = ("belgrade", "um", "cairo", "nsu")
_WAITS = "ksu"
_WORRYING = "agents"
_EXPLANATION = (
    "Cells of risk group 2, fixed before they are sent; our own committee has approved it."
)


def write_screenings(instruments: dict[str, Instrument], people: People, at: datetime) -> None:
    """The researcher has answered none yet, so that the instrument's page leads there.

    For cryo-electron microscopy the host demands a file with one of the shipped questions.
    """
    cryo = instruments["tsinghua-titan-krios-cryo-em"]
    _demand_a_file(cryo.facility.host, people.safety, at - timedelta(days=60))
    for slug, which in _ASKING.items():
        instrument = instruments[slug]
        set_demands(
            slug, Level(instrument.qualification), instrument.validity_months,
            first_use=instrument.supervised_first_use, screening_class=which,
            by=people.manager, at=at,
        )  # fmt: skip
        for key in _CLEARED:
            _answer(instrument, which, people.applicants[key], at - timedelta(days=20))
    person, asked_at = people.applicants[_WAITS], at - timedelta(hours=30)
    _answer(cryo, ScreeningClass.BIOSAFETY, person, asked_at, worrying=_WORRYING)


def _answer(
    instrument: Instrument,
    which: ScreeningClass,
    person: Person,
    at: datetime,
    *,
    worrying: str = "",
) -> None:
    host, given, files = instrument.facility.host, {}, {}
    for question in checklist_of(host, which).questions:
        harmless = "no" if question.attention == "yes" else "yes"
        is_worrying = question.key == worrying
        given[question.key] = Answer(
            question.attention if is_worrying else harmless, _EXPLANATION if is_worrying else ""
        )
        if is_worrying:
            files[question.key] = paper("risk-assessment.pdf", "Risk assessment", (_EXPLANATION,))
    answer(host, which, given, files, by=person, at=at)


def _demand_a_file(host: Institution, safety: Person, at: datetime) -> None:
    which = ScreeningClass.BIOSAFETY
    questions = [
        replace(each, evidence=Evidence.RISK_ASSESSMENT) if each.key == _WORRYING else each
        for each in standard_questions(which)
    ]
    publish(host, which, questions, VALID_MONTHS, by=safety, at=at, version=0)
