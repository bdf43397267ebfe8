"""Eligibility, computed and explained before the form, not after it; and once more when it counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property

from ...catalogue.models import Instrument
from ...catalogue.rules import BOOKABLE
from ...identity.models import Person
from ..agreements.models import Agreement
from ..errors import NotEligible
from ..rules import Level, holds_on
from .explanations import Addressee, Case, Condition, explained
from .facts import Known, Named, known_of, named_by
from .rules import OF_THE_HOST, ConditionCode, Demands, conditions_met, is_supervised


@dataclass(frozen=True)
class Eligibility:
    """Whether a person may ask for an instrument, and why."""

    met: Mapping[ConditionCode, bool]
    case: Case
    addressee: Addressee = Addressee.SELF

    @property
    def eligible(self) -> bool:
        return all(self.met.values())

    @cached_property
    def supervised(self) -> bool:
        """Whether an operator must be present: see `training.rules.is_first_use`."""
        return is_supervised(self.case.demands, self.case.applicant)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Each in the language of whoever asks first; made then, since most who may book ask for no reason."""
        return tuple(self._condition(code) for code in self.met)

    @cached_property
    def unmet(self) -> tuple[Condition, ...]:
        return tuple(self._condition(code) for code, holds in self.met.items() if not holds)

    def _condition(self, code: ConditionCode) -> Condition:
        return explained(code, self.met[code], self.case, self.addressee)


def eligibility_of(
    person: Person | None,
    instrument: Instrument,
    mode: str | None,
    *,
    at: datetime,
    with_hours: bool = False,
) -> Eligibility:
    """What the person (None: a visitor) needs in order to use the instrument in `mode` (None: in any mode).

    `with_hours` tells what agreements leave, too: for pages, since the ledger refuses by itself what is exhausted.
    """
    return eligibilities_of(person, [instrument], mode, at=at, with_hours=with_hours)[instrument.id]


def eligibilities_of(
    person: Person | None,
    instruments: Collection[Instrument],
    mode: str | None,
    *,
    at: datetime,
    with_hours: bool = False,
) -> dict[int, Eligibility]:
    """The same for many instruments at once, by id: as many statements as for one.

    Their facilities (and, with a `mode`, their access modes) should be loaded.
    """
    known = known_of(person, instruments, at, with_hours=with_hours) if person else None
    named = named_by(instruments)
    return {each.id: _eligibility(each, mode, known, named) for each in instruments}


def readiness_of(
    person: Person,
    instrument: Instrument,
    agreement: Agreement | None,
    *,
    at: datetime,
    addressee: Addressee = Addressee.STAFF,
) -> Eligibility:
    """Whether somebody who booked the instrument may still use it at `at`: qualifications run out, and agreements are
    suspended. What is the host's own affair (is it in service?) is left to whoever starts the use.
    """
    known = known_of(person, [instrument], at, with_hours=False)
    case = _case(instrument, None, known, Named(), agreement)
    met = conditions_met(case.demands, case.applicant)
    if agreement is not None:
        met[ConditionCode.AGREEMENT_HOLDS] = holds_on(
            agreement.state, agreement.valid_from, agreement.valid_until, at.date()
        )
    return Eligibility(
        {code: holds for code, holds in met.items() if code not in OF_THE_HOST}, case, addressee
    )


def check_eligible(eligibility: Eligibility) -> None:
    """Raises NotEligible with every condition where one is not met."""
    if not eligibility.eligible:
        raise NotEligible(conditions=[asdict(each) for each in eligibility.conditions])


def _eligibility(
    instrument: Instrument, mode: str | None, known: Known | None, named: Named
) -> Eligibility:
    case = _case(instrument, mode, known, named)
    return Eligibility(conditions_met(case.demands, case.applicant), case)


def _case(
    instrument: Instrument,
    mode: str | None,
    known: Known | None,
    named: Named,
    agreement: Agreement | None = None,
) -> Case:
    return Case(
        instrument=instrument,
        demands=_demands_of(instrument, mode),
        person=known.person if known else None,
        applicant=known.applicant_for(instrument) if known else None,
        institutions=named.institutions,
        projects=named.projects,
        agreement=agreement,
    )


def _demands_of(instrument: Instrument, mode: str | None) -> Demands:
    return Demands(
        bookable=instrument.status in BOOKABLE,
        modes=frozenset(instrument.access_modes) if mode else frozenset(),
        mode=mode,
        open_to=instrument.open_to,
        level=Level(instrument.qualification),
        safety_class=instrument.safety_class,
        allows_first_use=instrument.supervised_first_use,
        screening_class=instrument.screening_class,
    )
