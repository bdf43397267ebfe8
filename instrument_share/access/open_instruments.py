"""The instruments that are open to a person, as a condition that the database decides on both engines."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, exists, false, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ..catalogue.models import Instrument
from ..identity.models import Person
from .agreements.usable import is_open_by_agreement
from .eligibility.rules import OpenKind
from .projects.models import Project
from .projects.queries import project_ids


def open_instruments(person: Person, on: date) -> ColumnElement[bool]:
    """Condition on a query of Instrument and Facility: the instrument's `open_to` admits the person on that day."""
    kind = Instrument.open_to["kind"].as_string()
    ways: list[ColumnElement[bool]] = [kind == OpenKind.ALL]
    if person.institution is not None:
        home = person.institution
        ways += [
            and_(kind == OpenKind.COUNTRIES, _lists("countries", home.country)),
            and_(kind == OpenKind.INSTITUTIONS, _lists("institutions", home.id)),
            and_(kind == OpenKind.AGREEMENT, is_open_by_agreement(home.id, on)),
        ]
    ways.append(and_(kind == OpenKind.PROJECTS, _is_in_one_of_its_projects(person, on)))
    return or_(false(), *ways)


def _is_in_one_of_its_projects(person: Person, on: date) -> ColumnElement[bool]:
    member = project_ids(person, on).where(_lists("projects", Project.id))
    return exists(member.correlate(Instrument))


class _ArrayHolds(FunctionElement[bool]):
    """Whether the array under a key of a JSON document holds a value: (document, key, value)."""

    name = "array_holds"
    type = Boolean()
    inherit_cache = True


def _lists(key: str, value: Any) -> ColumnElement[bool]:
    """Whether the instrument's list under `key` holds a value or what a column has."""
    sought = value if isinstance(value, InstrumentedAttribute) else literal(value)
    return _ArrayHolds(Instrument.open_to, literal(key), sought)


@compiles(_ArrayHolds, "sqlite")
def _on_sqlite(element: _ArrayHolds, compiler: SQLCompiler, **options: Any) -> str:
    document, key, value = (compiler.process(clause, **options) for clause in element.clauses)
    rows = f"json_each({document}, '$.' || {key})"
    return f"EXISTS (SELECT 1 FROM {rows} WHERE value = {value})"  # noqa: S608 bound parameters


@compiles(_ArrayHolds, "postgresql")
def _on_postgresql(element: _ArrayHolds, compiler: SQLCompiler, **options: Any) -> str:
    document, key, value = (compiler.process(clause, **options) for clause in element.clauses)
    return f"coalesce(({document} -> {key}) @> to_jsonb({value}), false)"
