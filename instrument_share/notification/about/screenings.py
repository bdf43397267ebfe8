"""Who is told of screenings: the office of what waits for it, the person of what came of it."""

from __future__ import annotations

from datetime import date, datetime

from ...access.screening.models import Screening
from ...access.screening.rules import DECIDED_BY, ScreeningClass, State
from ...foundation.signals import screening_changed
from ...identity.acting import holders_of
from ...identity.models import Person
from ...identity.rules import PERMISSIONS, PROGRAMME, Scope
from ..facts.plain import plain_facts
from ..rules import Kind
from ..services import tell

_TOLD = {
    State.CLEARED: Kind.SCREENING_CLEARED,
    State.ASKED_BACK: Kind.SCREENING_ASKED_BACK,
    State.DECLINED: Kind.SCREENING_DECLINED,
    State.WITHDRAWN: Kind.SCREENING_WITHDRAWN,
}


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    screening_changed.connect(_screening_changed)


def _screening_changed(row: Screening, *, what: str, by: Person, at: datetime) -> None:
    if what == "answered":
        if row.state == State.WAITING:
            _tell_the_office(row, at)
        return
    facts = plain_facts(
        f"/screening/{row.institution.slug}/{row.screening_class}",
        comment=row.reason,
        by=by.display_name,
        host=row.institution.names,
    )
    tell({row.person_id: _TOLD[State(row.state)]}, facts, at=at)


def _tell_the_office(row: Screening, at: datetime) -> None:
    people = [each for each in _office_of(row, at.date()) if each != row.person_id]
    facts = plain_facts(f"/manage/screening/{row.id}", applicant=row.person.display_name)
    tell(dict.fromkeys(people, Kind.SCREENING_WAITS), facts, at=at)


def _office_of(row: Screening, today: date) -> list[int]:
    action = DECIDED_BY[ScreeningClass(row.screening_class)]
    scopes = [PROGRAMME, Scope("institution", row.institution_id)]
    return [
        person_id
        for who in PERMISSIONS[action]
        if who.role is not None
        for person_id in holders_of(who.role, scopes, today)
    ]
