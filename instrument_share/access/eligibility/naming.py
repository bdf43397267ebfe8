"""Rows that sentences name, by their ids, in one statement for each kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from sqlalchemy import select

from ...foundation.database import db

Row = TypeVar("Row", bound=Any)


def names_for(table: type[Row], ids: Collection[int]) -> Mapping[int, Row]:
    """The rows with these ids; nothing is asked where there are none."""
    if not ids:
        return {}
    rows = db.session.scalars(select(table).where(table.id.in_(ids)))
    return {row.id: row for row in rows}
