"""Rows of any table as plain values: what is secret and who else is named is left out, keys are told as names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Select, select

from ...foundation.database import db
from ..models import Person
from .registry import Rows

#: What opens something, or proves something to the machine alone: given to nobody.
NEVER = frozenset(
    {
        "password_hash", "digest", "sealed_secret", "secret_serial", "session_serial", "fingerprint", "hash",
        "previous_hash", "claimed_by", "claimed_until", "secret", "state_digest", "browser_digest", "claims",
    }
)  # fmt: skip
#: By what a row is known outside, the best first.
_NAMES = ("reference", "slug", "number")
#: So many rows are read at once, however many there are.
_READ_AT_ONCE = 500


def rows_of(rows: Rows, person_id: int) -> Iterator[dict[str, Any]]:
    """The person's rows one by one, in one statement."""
    found = db.session.execute(
        _query(rows, person_id), execution_options={"yield_per": _READ_AT_ONCE}
    )
    for row in found.mappings():
        yield {name: _plain(value) for name, value in row.items()}


def _query(rows: Rows, person_id: int) -> Select[Any]:
    table = rows.table
    query: Select[Any] = select().select_from(table)
    for column in table.columns:
        if _is_given(rows, column):
            query = _with(query, column)
    return query.where(rows.of(person_id)).order_by(*table.primary_key.columns)


def _is_given(rows: Rows, column: Column[Any]) -> bool:
    if rows.only:
        return column.name in rows.only
    return column.name not in (*NEVER, *rows.without) and not _is_somebody(column)


def _is_somebody(column: Column[Any]) -> bool:
    return any(key.column is Person.__table__.c.id for key in column.foreign_keys)


def _with(query: Select[Any], column: Column[Any]) -> Select[Any]:
    """The query with one more column; one that refers to a thing with a name is told by that name."""
    for key in column.foreign_keys:
        other = key.column.table.alias()
        name = next((other.c[name] for name in _NAMES if name in other.c), None)
        if name is not None:
            joined = query.outerjoin(other, column == other.c[key.column.name])
            return joined.add_columns(name.label(column.name.removesuffix("_id")))
    return query.add_columns(column)


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items() if name not in NEVER}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
