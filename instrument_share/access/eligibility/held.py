"""What a person holds, training and screenings, in one statement; none where no instrument demands either."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, String, case, cast, literal, select, union_all

from ...foundation.database import db
from ...identity.models import Person
from ..rules import Level, is_enough
from ..screening.models import Screening
from ..screening.rules import Standing, State
from ..training.models import Qualification
from ..training.queries import is_held
from ..training.rules import UNTRAINED, Training

_USED = "used"


@dataclass(frozen=True, slots=True)
class Held:
    """Training by instrument, and how a screening stands by host and class."""

    trainings: Mapping[int, Training] = field(default_factory=dict)
    screenings: Mapping[tuple[int, str], str] = field(default_factory=dict)


def held_by(person: Person, trained: Collection[int], hosts: Collection[int], on: date) -> Held:
    """What the person holds on a day for these instruments, and how they stand at these hosts."""
    parts = []
    if trained:
        parts.append(_trainings(person, trained, on))
    if hosts:
        parts.append(_screenings(person, hosts, on))
    if not parts:
        return Held()
    trainings: dict[int, Training] = {}
    screenings: dict[tuple[int, str], str] = {}
    rows = db.session.execute(union_all(*parts) if len(parts) > 1 else parts[0])
    for kind, key, word, more in rows:
        if kind == "screening":
            screenings[key, word] = more
        elif is_enough(Level(word), trainings.get(key, UNTRAINED).level):
            trainings[key] = Training(Level(word), more == _USED)
    return Held(trainings, screenings)


def _trainings(person: Person, trained: Collection[int], on: date) -> Select[*tuple[Any, ...]]:
    used = case((Qualification.first_used_at.is_not(None), literal(_USED)), else_=literal(""))
    return select(
        cast(literal("training"), String).label("kind"),
        Qualification.instrument_id.label("key"),
        cast(Qualification.level, String).label("word"),
        cast(used, String).label("more"),
    ).where(is_held(person, on), Qualification.instrument_id.in_(trained))


def _screenings(person: Person, hosts: Collection[int], on: date) -> Select[*tuple[Any, ...]]:
    standing = case(
        (Screening.state != State.CLEARED, Screening.state),
        (Screening.outdated, literal(Standing.OUTDATED.value)),
        (Screening.valid_until < on, literal(Standing.ENDED.value)),
        else_=Screening.state,
    )
    return select(
        cast(literal("screening"), String).label("kind"),
        Screening.institution_id.label("key"),
        cast(Screening.screening_class, String).label("word"),
        cast(standing, String).label("more"),
    ).where(Screening.person_id == person.id, Screening.institution_id.in_(hosts))
