"""Puts a PostgreSQL database back to what it held when it was new: a copy takes many times as long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

#: Changes whenever a table, column, constraint, trigger or function is made, changed or dropped: what is written anew
#: bears the number of the latest transaction, and what is dropped is missing in the count.
_SHAPE = """
SELECT (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_class WHERE oid >= 16384 AND relpersistence = 'p'),
       (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_attribute
         WHERE attrelid IN (SELECT oid FROM pg_class WHERE oid >= 16384 AND relpersistence = 'p')),
       (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_constraint),
       (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_trigger),
       (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_proc),
       (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_namespace WHERE nspname NOT LIKE 'pg_%')
"""
#: Those who are in the middle of something, or hold a lock beyond it; the rest, at rest in a pool, may stay.
_WHOEVER_IS_BUSY = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
   AND (state IS DISTINCT FROM 'idle' OR pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory'))
"""
#: The sequences, and the table whose key each one counts ('' if none).
_SEQUENCES = """
SELECT pg_class.oid, seqstart, coalesce(owner.relname, '') FROM pg_sequence
  JOIN pg_class ON pg_class.oid = seqrelid
  LEFT JOIN pg_depend ON classid = 'pg_class'::regclass AND objid = seqrelid AND deptype IN ('a', 'i')
  LEFT JOIN pg_class AS owner ON owner.oid = refobjid
"""
_COUNTED = """
SELECT format('%I.%I', schemaname, sequencename)::regclass::oid, last_value
  FROM pg_sequences WHERE last_value IS NOT NULL
"""
#: The tables that take room: all that had a row in them. To look into each table takes many times as long.
_FILLED = """
SELECT relname FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""


@dataclass(frozen=True)
class Rows:
    """The rows of all filled tables, and how far each sequence has counted."""

    tables: dict[str, bytes]
    counted: list[tuple[int, int]]


@dataclass(frozen=True)
class Pristine:
    """What a database held when it was new: its shape, and its few rows. The connection knows all its tables."""

    connection: psycopg.Connection[Any]
    shape: object
    rows: dict[str, bytes]
    sequences: list[tuple[int, int, str]]

    @classmethod
    def of(cls, url: str) -> Pristine:
        connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        connection.execute("SET session_replication_role = replica")  # no trigger is asked
        rows = {name: _copied(connection, name) for name in _filled(connection)}
        sequences = connection.execute(_SEQUENCES).fetchall()
        return cls(connection, _shape(connection), rows, sequences)

    def put_back(self) -> bool:
        """Whoever is busy is sent away, all rows are as in the beginning; False where the schema is not."""
        connection = self.connection
        connection.execute(_WHOEVER_IS_BUSY)
        if _shape(connection) != self.shape:
            connection.close()
            return False
        filled = _filled(connection)
        if filled:
            self._empty(filled)
        for table, rows in self.rows.items():
            _fill(connection, table, rows)
        return True

    def told(self) -> Rows:
        """What is stored at the moment."""
        connection = self.connection
        tables = {name: _copied(connection, name) for name in _filled(connection)}
        counted = connection.execute(_COUNTED).fetchall()
        return Rows(tables, counted)

    def take(self, rows: Rows) -> None:
        """Store those in place of the few that a new database has."""
        for table in self.rows:
            self.connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for table, content in rows.tables.items():
            _fill(self.connection, table, content)
        counts = [
            sql.SQL("SELECT setval({}::oid::regclass, {})").format(sequence, last)
            for sequence, last in rows.counted
        ]
        self.connection.execute(sql.SQL("; ").join(counts))

    def _empty(self, filled: list[str]) -> None:
        """Two trips for all tables; `VACUUM` gives their room back, by which they are told from the empty ones."""
        names = [sql.Identifier(name) for name in filled]
        statements = [sql.SQL("DELETE FROM {}").format(name) for name in names]
        statements += [
            sql.SQL("SELECT setval({}::oid::regclass, {}, false)").format(sequence, start)
            for sequence, start, table in self.sequences
            if table in filled or not table
        ]
        self.connection.execute(sql.SQL("; ").join(statements))
        vacuum = "VACUUM (SKIP_DATABASE_STATS) {}"
        self.connection.execute(sql.SQL(vacuum).format(sql.SQL(", ").join(names)))


def _shape(connection: psycopg.Connection[Any]) -> object:
    return connection.execute(_SHAPE).fetchone()


def _filled(connection: psycopg.Connection[Any]) -> list[str]:
    return [name for (name,) in connection.execute(_FILLED)]


def _copied(connection: psycopg.Connection[Any], table: str) -> bytes:
    statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        return b"".join(bytes(block) for block in copy)


def _fill(connection: psycopg.Connection[Any], table: str, rows: bytes) -> None:
    statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        copy.write(rows)
