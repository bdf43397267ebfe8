"""What the database knows of a person that instruments ask for: a fixed number of statements for any number of them,
and none for what no instrument demands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ...catalogue.models import Instrument
from ...foundation.database import db
from ...identity.models import Institution, Person
from ...identity.rules import Verification
from ..agreements.models import Agreement
from ..agreements.usable import agreements_by_instrument
from ..projects.models import Project
from ..projects.queries import project_ids
from ..quota_left import minutes_left
from ..rules import Level
from ..screening.rules import ScreeningClass, Standing
from ..training.rules import UNTRAINED
from .held import Held, held_by
from .naming import names_for
from .rules import Applicant, OpenKind


@dataclass(frozen=True, slots=True)
class Known:
    """A person beside many instruments: agreements and training by instrument, and the names to tell of."""

    person: Person
    agreements: Mapping[int, Sequence[Agreement]] = field(default_factory=dict)
    minutes: Mapping[int, int] = field(default_factory=dict)  # left, by agreement
    held: Held = field(default_factory=Held)
    project_ids: frozenset[int] = frozenset()

    def applicant_for(self, instrument: Instrument) -> Applicant:
        person, agreements = self.person, self.agreements.get(instrument.id, ())
        left = [self.minutes[each.id] for each in agreements if each.id in self.minutes]
        return Applicant(
            mail_verified=person.mail_verified_at is not None,
            vouched=person.verification == Verification.VOUCHED,
            country=person.institution.country if person.institution else None,
            institution_id=person.institution_id,
            has_agreement=bool(agreements),
            training=self.held.trainings.get(instrument.id, UNTRAINED),
            project_ids=self.project_ids,
            minutes_left=max(sum(left), 0) if left else None,
            screening=self.held.screenings.get(
                (instrument.facility.host_id, instrument.screening_class), Standing.NONE
            ),
        )


@dataclass(frozen=True, slots=True)
class Named:
    """The institutions and projects that sentences about instruments name, by id."""

    institutions: Mapping[int, Institution] = field(default_factory=dict)
    projects: Mapping[int, Project] = field(default_factory=dict)


def known_of(
    person: Person, instruments: Collection[Instrument], at: datetime, *, with_hours: bool
) -> Known:
    """What is known of the person for these instruments, whose facilities should be loaded."""
    on = at.date()
    by_agreement = _open_by(OpenKind.AGREEMENT, instruments)
    by_project = _open_by(OpenKind.PROJECTS, instruments)
    trained = [each.id for each in instruments if each.qualification != Level.NONE]
    screened = {
        each.facility.host_id for each in instruments if each.screening_class != ScreeningClass.NONE
    }
    agreements = agreements_by_instrument(person, {each.id for each in by_agreement}, on)
    return Known(
        person,
        agreements,
        _minutes_left(agreements, by_agreement, at) if with_hours else {},
        held_by(person, trained, screened, on),
        frozenset(db.session.scalars(project_ids(person, on))) if by_project else frozenset(),
    )


def named_by(instruments: Collection[Instrument]) -> Named:
    """What the sentences about these instruments name."""
    return Named(
        names_for(Institution, _listed("institutions", instruments)),
        names_for(Project, _listed("projects", instruments)),
    )


def _minutes_left(
    agreements: Mapping[int, Sequence[Agreement]],
    instruments: Collection[Instrument],
    at: datetime,
) -> dict[int, int]:
    """What is left of the quotas of this year, and of the next where one can book as far as that."""
    ids = sorted({each.id for group in agreements.values() for each in group})
    horizon = timedelta(days=max((each.horizon_days for each in instruments), default=0))
    total: dict[int, int] = {}
    for year in sorted({at.year, (at + horizon).year}):
        for key, minutes in minutes_left(ids, year).items():
            total[key] = total.get(key, 0) + minutes
    return total


def _open_by(kind: OpenKind, instruments: Collection[Instrument]) -> list[Instrument]:
    return [each for each in instruments if each.open_to.get("kind") == kind]


def _listed(key: str, instruments: Collection[Instrument]) -> set[int]:
    """The ids under a key of `open_to`, where that is what counts."""
    return {
        number
        for each in instruments
        if each.open_to.get("kind") == key
        for number in each.open_to.get(key, ())
    }
