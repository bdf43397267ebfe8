"""Our connections to PostgreSQL: a cursor that describes its columns only to those who ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Column, Cursor


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
