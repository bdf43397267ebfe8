"""Eligibility, computed and explained before the form, not after it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from ..catalogue.models import Instrument
from ..catalogue.rules import BOOKABLE
from ..identity.models import Person
from ..identity.rules import Verification
from . import queries
from .errors import NotEligible
from .explanations import Condition, explained
from .rules import Applicant, Demands, Level, OpenKind, conditions_met

__all__ = ["Condition", "Eligibility", "check_eligible", "eligibility_of"]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a person may ask for an instrument, and why."""

    conditions: tuple[Condition, ...]

    @property
    def eligible(self) -> bool:
        return all(condition.met for condition in self.conditions)


def eligibility_of(
    person: Person | None, instrument: Instrument, mode: str | None, *, at: datetime
) -> Eligibility:
    """What the person (None: a visitor) needs in order to use the instrument in `mode` (None: in
    any mode).
    """
    demands = _demands_of(instrument, mode)
    met = conditions_met(
        demands, _applicant_of(person, instrument, demands, at) if person else None
    )
    return Eligibility(
        tuple(explained(code, holds, instrument, demands) for code, holds in met.items())
    )


def check_eligible(eligibility: Eligibility) -> None:
    """Raises NotEligible with every condition where one is not met."""
    if not eligibility.eligible:
        raise NotEligible(conditions=[asdict(each) for each in eligibility.conditions])


def _demands_of(instrument: Instrument, mode: str | None) -> Demands:
    return Demands(
        bookable=instrument.status in BOOKABLE,
        modes=frozenset(instrument.access_modes) if mode else frozenset(),
        mode=mode,
        open_to=instrument.open_to,
        level=Level(instrument.qualification),
        safety_class=instrument.safety_class,
    )


def _applicant_of(
    person: Person, instrument: Instrument, demands: Demands, at: datetime
) -> Applicant:
    """Asks the database only for what the instrument demands."""
    by_agreement = demands.open_to.get("kind") == OpenKind.AGREEMENT
    agreements = queries.agreements_open_to(person, instrument, at.date()) if by_agreement else []
    trained = demands.level != Level.NONE
    return Applicant(
        mail_verified=person.mail_verified_at is not None,
        vouched=person.verification == Verification.VOUCHED,
        country=person.institution.country if person.institution else None,
        institution_id=person.institution_id,
        has_agreement=bool(agreements),
        level=queries.level_of(person, instrument, at.date()) if trained else Level.NONE,
    )
