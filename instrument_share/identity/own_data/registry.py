"""Everything that is held about a person: each floor says what it keeps, how it is told, and what an erasure leaves.

A floor registers its parts when it is connected (its `hearers.connect`); registering again replaces them:

    register(Part("trainings", _("Trainings"), _("…"), rows=(Rows("places", TrainingPlace.person_id),)))

Every column of the house that refers to a person is named by exactly one `Rows`; a test holds that, so that a new table
cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias, cast

from flask_babel import LazyString
from sqlalchemy import Column, ColumnElement, Table, select
from sqlalchemy.orm import InstrumentedAttribute

from ..called import erased_name
from ..models import Person

#: A column of a model, or of a table that has no model.
Named: TypeAlias = InstrumentedAttribute[Any] | Column[Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table: those whose column `named` names the person, or leads to them `along` other columns.

    `only` limits what is given of them (who acted in an office is told what they did, not about whom), `without` leaves
    something out. What `told.NEVER` names is never given.
    """

    name: str
    named: Named
    along: tuple[Named, ...] = ()
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    where: Callable[[int], ColumnElement[bool]] | None = None

    @property
    def column(self) -> Column[Any]:
        return _column(self.named)

    @property
    def table(self) -> Table:
        return self.column.table

    def of(self, person_id: int) -> ColumnElement[bool]:
        """The condition under which a row is the person's."""
        if self.where is not None:
            return self.where(person_id)
        return _leads_to(person_id, self.column, self.along)


@dataclass(frozen=True, slots=True)
class Erasure:
    """An account that is being erased; `person` is as they were until the lowest floor has had its turn."""

    person: Person
    at: datetime

    @property
    def called(self) -> str:
        """What stands in place of the names."""
        return erased_name(self.person.id)

    @property
    def email(self) -> str:
        """An address that no mail reaches (RFC 6761, 6.4) and nobody can sign up with."""
        return f"erased-{self.person.id}@account.invalid"

    @property
    def copies(self) -> dict[str, str]:
        """What may have been copied elsewhere, and what takes its place."""
        known = (self.person.display_name, self.person.latin_name)
        named = dict.fromkeys((name for name in known if name), self.called)
        return named | {self.person.email: self.email}


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something that must be settled before an account is erased, in the reader's language, and the page for it."""

    about: str
    remedy: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)


Eraser = Callable[[Erasure], None]
Hindrances = Callable[[Person, datetime], Iterable[Hindrance]]


@dataclass(frozen=True, slots=True)
class Part:
    """One file of what is given: its name, and what it holds in the reader's language.

    At an erasure: what `goes`, what `stays` and why, and who does it. A floor is asked before those below it.
    """

    name: str
    title: LazyString
    told: LazyString
    rows: tuple[Rows, ...]
    goes: LazyString | str = ""
    stays: LazyString | str = ""
    erase: Eraser | None = None
    hindrances: Hindrances | None = None


_parts: dict[str, Part] = {}


def register(*parts: Part) -> None:
    _parts.update({part.name: part for part in parts})


def parts() -> Sequence[Part]:
    """All that is registered, in the order in which it is told: the person first, then what they did."""
    return list(_parts.values())


def _column(named: Named) -> Column[Any]:
    if isinstance(named, InstrumentedAttribute):
        return cast("Column[Any]", named.property.columns[0])
    return named


def _leads_to(person_id: int, column: Column[Any], along: tuple[Named, ...]) -> ColumnElement[bool]:
    if not along:
        return column == person_id
    further = _column(along[0])
    (key,) = further.table.primary_key.columns
    return column.in_(select(key).where(_leads_to(person_id, further, along[1:])))
