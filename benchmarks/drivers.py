"""Bare SQL on both engines, by their own drivers: what no framework can be faster than."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Protocol

import psycopg

_turn = threading.Lock()
_PARAMETER = re.compile(r"(?<!:):(\w+)")


class Connection(Protocol):
    """One connection. Statements name their parameters as `:name`."""

    def transaction(self) -> contextlib.AbstractContextManager[None]: ...
    def first(self, statement: str, values: dict[str, Any]) -> Any: ...
    def all(self, statement: str, values: dict[str, Any]) -> list[Any]: ...
    def written(self, at: datetime) -> Any: ...
    def close(self) -> None: ...


def connect(url: str) -> Connection:
    """A connection of its own to the database of an SQLAlchemy address."""
    if url.startswith("sqlite"):
        return _Sqlite(url.removeprefix("sqlite:///"))
    return _Postgres(url.replace("+psycopg", ""))


class _Sqlite:
    """Writers take turns here too: SQLite's own waiting is the slower one."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(
            file, isolation_level=None, check_same_thread=False, timeout=10
        )
        self._connection.execute("PRAGMA synchronous=NORMAL")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with _turn:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")

    def first(self, statement: str, values: dict[str, Any]) -> Any:
        return self._connection.execute(statement, values).fetchone()

    def all(self, statement: str, values: dict[str, Any]) -> list[Any]:
        return self._connection.execute(statement, values).fetchall()

    def written(self, at: datetime) -> str:
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.000000}"

    def close(self) -> None:
        self._connection.close()


class _Postgres:
    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address, autocommit=True)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with self._connection.transaction():
            yield

    def first(self, statement: str, values: dict[str, Any]) -> Any:
        cursor = self._execute(statement, values)
        return cursor.fetchone() if cursor.description else None

    def all(self, statement: str, values: dict[str, Any]) -> list[Any]:
        return self._execute(statement, values).fetchall()

    def written(self, at: datetime) -> datetime:
        return at

    def close(self) -> None:
        self._connection.close()

    def _execute(self, statement: str, values: dict[str, Any]) -> psycopg.Cursor[Any]:
        return self._connection.execute(_PARAMETER.sub(r"%(\1)s", statement), values)
