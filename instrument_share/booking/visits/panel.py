"""The visit as the booking's page shows it: days, visitors, tasks and letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ...identity.models import Person
from ..letters.models import Letter
from ..letters.queries import letters_of
from ..letters.rules import Standing, standing_of
from ..letters.snapshot import says_otherwise
from ..models import Booking
from ..rules import State
from .labels import LETTER_LANGUAGES, PHASES, ROLES, STANDINGS
from .models import Visit, VisitTask
from .queries import may_change, may_issue, visit_of
from .rules import Phase


@dataclass(frozen=True, slots=True)
class LetterShown:
    letter: Letter
    standing: str
    tone: str
    languages: str
    is_valid: bool
    says_otherwise: bool  # the booking or the visit has changed since


@dataclass(frozen=True, slots=True)
class VisitPanel:
    """`may_ask`: the applicant can ask for a letter now; `may_issue`: the office can issue one now."""

    booking: Booking
    visit: Visit | None
    tasks: dict[str, list[VisitTask]]
    letters: Sequence[LetterShown]
    may_change: bool
    may_ask: bool
    may_issue: bool
    may_revoke: bool
    template: str = "booking/visits/panel.html"
    roles = ROLES
    phases = PHASES
    letter_languages = LETTER_LANGUAGES


def visit_panel(booking: Booking, person: Person, at: datetime) -> VisitPanel:
    visit = visit_of(booking)
    letters = letters_of(booking) if visit else ()
    inviting = visit is not None and booking.state in (State.CONFIRMED, State.IN_USE)
    issuing = may_issue(person, booking)
    return VisitPanel(
        booking,
        visit,
        {phase: [each for each in visit.tasks if each.phase == phase] for phase in Phase}
        if visit
        else {},
        [_letter_shown(letter, visit) for letter in letters if visit],
        may_change=may_change(person, booking),
        may_ask=inviting and booking.applicant_id == person.id,
        may_issue=bool(inviting and issuing and visit and visit.letter_languages),
        may_revoke=issuing,
    )


def _letter_shown(letter: Letter, visit: Visit) -> LetterShown:
    standing = standing_of(letter.superseded_at, letter.revoked_at)
    word, tone = STANDINGS[standing]
    valid = standing is Standing.VALID
    return LetterShown(
        letter,
        str(word),
        tone,
        str(LETTER_LANGUAGES[letter.languages]),
        valid,
        valid and says_otherwise(letter.snapshot, visit),
    )
