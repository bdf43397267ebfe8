"""Our connections to PostgreSQL: they keep plans of statements, and describe columns only to those who ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Column, Connection, Cursor, pq
from sqlalchemy import Engine, event

_IN_TRANSACTION = (pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR)


class LastingConnection(Connection[Any]):
    """psycopg's, but what was prepared outlasts a rollback. A DROP or ALTER on it makes it forget, as ever.

    psycopg lets the server keep a statement that was executed five times on a connection, and has it forget them all
    with each rollback, since that might undo a CREATE TABLE. A request that only reads ends by a rollback: no page
    would ever profit. The server itself keeps prepared statements across rollbacks; our requests make no tables.
    """

    def rollback(self) -> None:
        with self.lock:
            is_over = self._try_to_roll_back()
        if not is_over:
            super().rollback()

    def _try_to_roll_back(self) -> bool:
        if self.pgconn.transaction_status not in _IN_TRANSACTION:
            return False
        return self.pgconn.exec_(b"ROLLBACK").status == pq.ExecStatus.COMMAND_OK


class Columns(Sequence[Any]):
    """The columns of a cursor's result, made when one of them is looked at; how many there are costs nothing.

    They are those of the result that the cursor has then: look before it executes anything else.
    """

    def __init__(self, cursor: QuickCursor, number: int) -> None:
        self._cursor, self._number = cursor, number

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, place: Any) -> Any:
        return (self._cursor.describe() or ())[place]


class QuickCursor(Cursor[Any]):
    """What SQLAlchemy asks of every result is whether it has columns, and how many (PEP 249, `description`).

    It names them by its own statement. psycopg makes an object for each all the same: of a booking's reads, a
    twentieth of the request's time.
    """

    @property
    def description(self) -> Any:
        """A sequence of psycopg's columns, or None where the statement returns no rows."""
        result = self.pgresult
        if result is None or not result.nfields:
            return self.describe()
        return Columns(self, result.nfields)

    def describe(self) -> list[Column] | None:
        """What psycopg tells itself."""
        return super().description


def use_our_connections(engine: Engine) -> None:
    """Have every new connection of the engine be a lasting one with quick cursors."""

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> LastingConnection:
        return LastingConnection.connect(*arguments, cursor_factory=QuickCursor, **named)
