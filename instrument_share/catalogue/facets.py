"""The facets of the search: what can be chosen, and how many instruments each choice leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select, union_all

from ..foundation.database import db
from ..identity.models import Institution
from .models import Facility, Instrument, InstrumentField, InstrumentMode, instrument_technique

#: The facets with values, in the order in which pages show them.
FACETS = ("field", "technique", "mode", "country", "host")


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many instruments a value of a facet would show beside the other facets' choices."""

    value: str
    count: int


_VALUES: dict[str, ColumnElement[str]] = {
    "field": InstrumentField.field.expression,
    "technique": instrument_technique.c.technique_code,
    "mode": InstrumentMode.mode.expression,
    "country": Institution.country.expression,
    "host": Institution.slug.expression,
}
#: Facets of which an instrument has several values, with the column that names the instrument.
_OWNERS: dict[str, ColumnElement[int]] = {
    "field": InstrumentField.instrument_id.expression,
    "technique": instrument_technique.c.instrument_id,
    "mode": InstrumentMode.instrument_id.expression,
}


def chosen(facets: Mapping[str, Sequence[str]]) -> dict[str, ColumnElement[bool]]:
    """The condition on Instrument, Facility and host Institution for each facet in which something is chosen."""
    return {name: _condition(name, values) for name, values in facets.items() if values}


def count_facets(
    always: Sequence[ColumnElement[bool]],
    criteria: Mapping[str, ColumnElement[bool]],
    mine: ColumnElement[bool] | None,
) -> dict[str, list[FacetCount]]:
    """Counts by value for every facet, the commonest first, in one query.

    A facet's own choice does not narrow its counts, so that one sees what another choice would
    bring. Beside the facets there are `total` (one row) and, where `mine` says what is open to the
    reader, `open_to_me` (at most one).
    """
    parts = [_counted(name, [*always, *_others(criteria, name)]) for name in FACETS]
    parts.append(_summed("total", [*always, *criteria.values()]))
    if mine is not None:
        parts.append(_summed("open_to_me", [*always, *_others(criteria, "open_to_me"), mine]))
    found: dict[str, list[FacetCount]] = {name: [] for name in (*FACETS, "total")}
    for name, value, count in db.session.execute(union_all(*parts)):
        found.setdefault(name, []).append(FacetCount(value, count))
    return {name: sorted(rows, key=_commonest_first) for name, rows in found.items()}


def _condition(name: str, values: Sequence[str]) -> ColumnElement[bool]:
    fits = _VALUES[name].in_(values)
    owner = _OWNERS.get(name)
    return Instrument.id.in_(select(owner).where(fits)) if owner is not None else fits


def _others(
    criteria: Mapping[str, ColumnElement[bool]], name: str
) -> Iterable[ColumnElement[bool]]:
    return [condition for other, condition in criteria.items() if other != name]


def _counted(name: str, criteria: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    value = _VALUES[name]
    query = _instruments(select(literal(name), cast(value, String), func.count()))
    owner = _OWNERS.get(name)
    if owner is not None:
        query = query.join(owner.table, owner == Instrument.id)
    return query.where(*criteria).group_by(value)


def _summed(name: str, criteria: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    return _instruments(select(literal(name), literal("true"), func.count())).where(*criteria)


def _instruments(query: Select[*tuple[Any, ...]]) -> Select[Any]:
    return (
        query.select_from(Instrument)
        .join(Facility, Facility.id == Instrument.facility_id)
        .join(Institution, Institution.id == Facility.host_id)
    )


def _commonest_first(row: FacetCount) -> tuple[int, str]:
    return -row.count, row.value
