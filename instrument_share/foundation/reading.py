"""Reading values that need no object of the session: in its transaction, or past it where nothing but them is read."""

from __future__ import annotations

from contextlib import closing
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, Row, Select

from .database import db


def read_columns(
    query: Select[*tuple[Any, ...]], parameters: dict[str, Any]
) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a query of columns, in the session's transaction.

    `db.session.execute` gets ready to make objects of what it reads, which takes half as long again.
    """
    if db.session.autoflush:
        db.session.flush()
    return db.session.connection().execute(query, parameters)


def read_row(query: Select[*tuple[Any, ...]], parameters: dict[str, Any]) -> Row[Any] | None:
    """The first row of a query of columns that stands for itself, outside of the session and of any transaction.

    For answers that are given all day and take one read: no BEGIN, no ROLLBACK, no unit of work. It does not see what
    the session has not committed.
    """
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # SQLite's BEGIN is a call in this process
            connection.execution_options(isolation_level="AUTOCOMMIT")
        return connection.execute(query, parameters).first()


def read_values(query: Select[*tuple[Any, ...]], **values: Any) -> tuple[Any, ...] | None:
    """The first row of a constant query as the driver gives it, outside of the session and of any transaction.

    `read_row` takes twice as long: SQLAlchemy prepares for whatever a statement may be. Of times and JSON the drivers
    give each their own, so such a query selects numbers and texts, or asks whether there is anything.
    """
    engine = db.engine
    text, given, in_order = _compiled(query, engine.dialect.name)
    given = given | values
    parameters = given if in_order is None else [given[name] for name in in_order]
    with closing(engine.raw_connection()) as pooled:
        connection: Any = pooled.driver_connection
        if engine.dialect.name != "postgresql":
            return _first(connection, text, parameters)
        connection.autocommit = True
        try:
            return _first(connection, text, parameters)
        finally:
            connection.autocommit = False


def _first(connection: Any, text: str, parameters: Any) -> tuple[Any, ...] | None:
    row: tuple[Any, ...] | None = connection.execute(text, parameters).fetchone()
    return row


@cache
def _compiled(
    query: Select[*tuple[Any, ...]], _dialect: str
) -> tuple[str, dict[str, Any], list[str] | None]:
    """The statement, the values that it has already, and the order of all, where the driver does not take names."""
    compiled: Any = query.compile(db.engine)
    return str(compiled), compiled.params, getattr(compiled, "positiontup", None)
