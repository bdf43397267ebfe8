"""Puts a PostgreSQL database back to what it held when it was new: a copy takes many times as long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


#: The tables that take room: all with a row in them. To look into each table takes many times as long.
_FILLED = """
SELECT relname FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""


@dataclass(frozen=True)
class Pristine:
    """What a database held when it was new: its shape, and its few rows. The connection knows all its tables."""

    connection: psycopg.Connection[Any]
    shape: str
    rows: dict[str, bytes]

    @classmethod
    def of(cls, url: str) -> Pristine:
        connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        connection.execute("SET session_replication_role = replica")  # no trigger is asked
        rows = {name: _copied(connection, name) for name in _filled(connection)}
        return cls(connection, _shape(connection), rows)

    def put_back(self) -> bool:
        """Everybody else is sent away, all rows are as in the beginning; False where the schema is not."""
        connection = self.connection
        connection.execute(_EVERYBODY_ELSE)
        if _shape(connection) != self.shape:
            connection.close()
            return False
        filled = [sql.Identifier(name) for name in _filled(connection)]
        for name in filled:
            connection.execute(sql.SQL("DELETE FROM {}").format(name))
        connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(filled)))
        for table, rows in self.rows.items():
            _fill(connection, table, rows)
        connection.execute(_BEGIN_ANEW)
        return True


def _shape(connection: psycopg.Connection[Any]) -> str:
    (shape,) = connection.execute(_SHAPE).fetchone() or ("",)
    return str(shape)


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
