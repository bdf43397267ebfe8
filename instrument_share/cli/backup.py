"""`instrument-share backup` and `restore`: the whole database to one file and back.

SQLite by its backup interface, PostgreSQL by pg_dump and pg_restore; both while people work.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.engine import URL, make_url

_SQLITE_MARK = b"SQLite format 3\x00"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write the database to FILE, which must not exist yet."""
    if file.exists():
        raise click.ClickException(f"{file} exists already: choose another name.")
    try:
        _write(_database(), file)
    except (click.ClickException, OSError, sqlite3.Error) as error:
        file.unlink(missing_ok=True)  # half of a backup must not be taken for one
        raise click.ClickException(f"Nothing was backed up. {error}") from None
    click.echo(f"Wrote {file} ({file.stat().st_size:,} bytes).")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Fill an empty database from FILE. One that holds a schema already is refused."""
    from .database import current_revision

    if current_revision() is not None:
        raise click.ClickException("The database is not empty: restore into a new one.")
    url = _database()
    if url.drivername == "sqlite":
        if not file.read_bytes()[: len(_SQLITE_MARK)] == _SQLITE_MARK:
            raise click.ClickException(f"{file} is not a backup of an SQLite database.")
        _copy_sqlite(file, Path(url.database or ""))
    else:
        _run("pg_restore", url, "--no-owner", "--exit-on-error", "--single-transaction", str(file))
    click.echo("Restored. Run `instrument-share verify-audit` and `verify-ledger` to be sure.")


def _write(url: URL, file: Path) -> None:
    file.touch(mode=0o600)
    if url.drivername == "sqlite":
        _copy_sqlite(Path(url.database or ""), file)
    else:
        _run("pg_dump", url, "--format=custom", f"--file={file}")


def _database() -> URL:
    return make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _run(program: str, url: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, where `ps` does not show it."""
    found = shutil.which(program)
    if found is None:
        raise click.ClickException(
            f"{program} is not on the path: install PostgreSQL's client programs."
        )
    address = url.set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(  # noqa: S603
        [found, f"--dbname={address}", *arguments],
        env=os.environ | {"PGPASSWORD": str(url.password or "")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(f"{program} failed: {done.stderr.strip()}")
