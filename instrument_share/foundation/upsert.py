"""INSERT with ON CONFLICT, which each engine's dialect spells for itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from .database import db

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_into(table: type) -> Any:
    """The present engine's INSERT: with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return _INSERT[db.session.get_bind().dialect.name](table)
