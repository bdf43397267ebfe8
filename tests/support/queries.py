"""How many statements does this send to the database?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from sqlalchemy import Engine, event

from instrument_share.foundation import reading

#: SQLite begins by a statement, psycopg on its own: neither is counted.
_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


@dataclass
class Queries:
    """The statements seen so far, in order; its text lists them, for a readable failure."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.statements)

    def __str__(self) -> str:
        return "\n".join(f"{n:3} {' '.join(s.split())}" for n, s in enumerate(self.statements, 1))


@contextlib.contextmanager
def counted() -> Iterator[Queries]:
    """Count what every engine of this process executes inside the `with` block, and what is read past them."""
    queries = Queries()

    def notice(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(_NOT_COUNTED):
            queries.statements.append(statement)

    read = reading._first

    def notice_and_read(connection: Any, statement: str, parameters: Any) -> Any:
        queries.statements.append(statement)
        return read(connection, statement, parameters)

    event.listen(Engine, "before_cursor_execute", notice)
    try:
        with mock.patch.object(reading, "_first", notice_and_read):
            yield queries
    finally:
        event.remove(Engine, "before_cursor_execute", notice)
