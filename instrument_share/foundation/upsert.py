"""INSERT with ON CONFLICT: each engine has its own, and both speak the same."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from .database import engine_name

#: By the name of an engine, for statements that are built once and kept.
INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_into(table: type) -> Any:
    """The present engine's INSERT: with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return INSERT[engine_name()](table)
