"""Screenings of the demonstration: two instruments ask for one; most people are cleared, one waits for the office."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..access.rules import Level
from ..access.screening.rules import Answer, ScreeningClass
from ..access.screening.services import answer
from ..access.screening.standard import standard_questions
from ..access.training.services import set_demands
from ..catalogue.models import Instrument
from ..identity.models import Person
from .people import People

_ASKING = {
    "pku-electron-probe-microanalyser": ScreeningClass.EXPORT_CONTROL,
    "tsinghua-titan-krios-cryo-em": ScreeningClass.BIOSAFETY,
}
#: Those who are trained for these instruments, too, and one more.
_CLEARED = ("belgrade", "um", "cairo", "nsu")
_WAITS = "ksu"
_EXPLANATION = (
    "Cells of risk group 2, fixed before they are sent; our own committee has approved it."
)


def write_screenings(instruments: dict[str, Instrument], people: People, at: datetime) -> None:
    """The researcher has answered none yet, so that the instrument's page leads there."""
    for slug, which in _ASKING.items():
        instrument = instruments[slug]
        set_demands(
            slug, Level(instrument.qualification), instrument.validity_months,
            first_use=instrument.supervised_first_use, screening_class=which,
            by=people.manager, at=at,
        )  # fmt: skip
        for key in _CLEARED:
            _answer(instrument, which, people.applicants[key], at - timedelta(days=20))
    cryo = instruments["tsinghua-titan-krios-cryo-em"]
    person, asked_at = people.applicants[_WAITS], at - timedelta(hours=30)
    _answer(cryo, ScreeningClass.BIOSAFETY, person, asked_at, worrying="agents")


def _answer(
    instrument: Instrument,
    which: ScreeningClass,
    person: Person,
    at: datetime,
    *,
    worrying: str = "",
) -> None:
    given = {}
    for question in standard_questions(which):
        harmless = "no" if question.attention == "yes" else "yes"
        is_worrying = question.key == worrying
        given[question.key] = Answer(
            question.attention if is_worrying else harmless, _EXPLANATION if is_worrying else ""
        )
    answer(instrument.facility.host, which, given, by=person, at=at)
