"""Puts a PostgreSQL database back to what it held when it was new: a copy takes many times as long."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

#: Changes whenever a table, column, constraint, trigger or function is made, changed or dropped.
_SHAPE = """
SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
    SELECT concat_ws(':', tableoid, oid, xmin) AS line FROM pg_class
     WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(':', tableoid, attrelid, attnum, xmin) FROM pg_attribute
     WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT concat_ws(':', tableoid, oid, xmin) FROM pg_constraint
    UNION ALL SELECT concat_ws(':', tableoid, oid, xmin) FROM pg_trigger
    UNION ALL SELECT concat_ws(':', tableoid, oid, xmin) FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(':', tableoid, oid, xmin) FROM pg_namespace
     WHERE nspname NOT LIKE 'pg_%'
) AS lines
"""
_EVERYBODY_ELSE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_BEGIN_ANEW = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
  FROM pg_sequences WHERE last_value IS NOT NULL
"""


@dataclass(frozen=True)
class Pristine:
    """What the database at `address` held when it was new: its shape, its tables and their few rows."""

    address: str
    shape: str
    tables: tuple[str, ...]
    rows: dict[str, bytes]

    @classmethod
    def of(cls, url: str) -> Pristine:
        address = url.replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            tables = tuple(
                name
                for (name,) in connection.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                )
            )
            rows = {name: _copied(connection, name) for name in _filled(connection, tables)}
            return cls(address, _shape(connection), tables, rows)

    def put_back(self) -> bool:
        """Everybody else is sent away, all rows are as in the beginning; False where the schema is not."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(_EVERYBODY_ELSE)
            if _shape(connection) != self.shape:
                return False
            connection.execute("SET session_replication_role = replica")  # no trigger is asked
            filled = _filled(connection, self.tables)
            for name in filled:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("VACUUM {}").format(sql.SQL(", ").join(map(sql.Identifier, filled)))
            )
            for name, rows in self.rows.items():
                _fill(connection, name, rows)
            connection.execute(_BEGIN_ANEW)
        return True


def _shape(connection: psycopg.Connection) -> str:
    (shape,) = connection.execute(_SHAPE).fetchone() or ("",)
    return str(shape)


def _filled(connection: psycopg.Connection, tables: tuple[str, ...]) -> list[str]:
    """The tables with a row in them."""
    question = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(name, sql.Identifier(name))
        for name in tables
    )
    return [name for (name,) in connection.execute(question)]


def _copied(connection: psycopg.Connection, table: str) -> bytes:
    statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        return b"".join(bytes(block) for block in copy)


def _fill(connection: psycopg.Connection, table: str, rows: bytes) -> None:
    statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        copy.write(rows)
