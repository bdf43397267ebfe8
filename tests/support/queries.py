"""How many statements does this send to the database?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

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
    """Count what every engine of this process executes inside the `with` block."""
    queries = Queries()

    def notice(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(_NOT_COUNTED):
            queries.statements.append(statement)

    event.listen(Engine, "before_cursor_execute", notice)
    try:
        yield queries
    finally:
        event.remove(Engine, "before_cursor_execute", notice)
