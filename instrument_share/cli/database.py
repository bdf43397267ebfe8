"""`instrument-share db …`: the schema, by one Alembic chain for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from ..foundation.database import db as database
from ..foundation.paths import shipped


class SchemaBehind(click.ClickException):
    """The database does not hold the schema that this version needs."""


@click.group(short_help="Migrate the database's schema.")
def db() -> None:
    """Bring the database's schema up to date, take it back, or tell where it is."""


@db.command()
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    """Migrate to REVISION (by default the newest)."""
    migrate(revision)
    click.echo(f"The schema is at {current_revision() or 'its beginning'}.")


@db.command()
@click.argument("revision", default="-1")
@with_appcontext
def downgrade(revision: str) -> None:
    """Take the schema back to REVISION (by default one step)."""
    migrate_back(revision)
    click.echo(f"The schema is at {current_revision() or 'its beginning'}.")


@db.command()
@with_appcontext
def current() -> None:
    """Tell at which revision the database is. Exit status 1 where it is not the newest."""
    click.echo(current_revision() or "no schema yet")
    require_current_schema()


def migrate(revision: str = "head") -> None:
    """Bring the current application's database to a later revision."""
    _flask_migrate().upgrade(revision=revision)


def migrate_back(revision: str = "-1") -> None:
    """Take it back to an earlier one."""
    _flask_migrate().downgrade(revision=revision)


def _flask_migrate() -> ModuleType:
    """Flask-Migrate, ready for the current application.

    Loaded here and nowhere else: with Alembic it costs every process that serves pages its time and memory.
    """
    import flask_migrate

    if "migrate" not in current_app.extensions:
        flask_migrate.Migrate(current_app, database, directory=str(shipped("migrations")))
    return flask_migrate


def current_revision() -> str | None:
    """The revision of the database of the current application, None before the first migration.

    Raises click.ClickException where the database does not answer.
    """
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.exc import OperationalError

    try:
        with database.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise click.ClickException(f"The database does not answer: {reason}") from None


def newest_revision() -> str | None:
    """The revision that this version of the application needs."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(shipped("migrations"))).get_current_head()


def require_current_schema() -> None:
    """Raise SchemaBehind, with the command to run, unless the database is at the newest revision."""
    found, needed = current_revision(), newest_revision()
    if found != needed:
        raise SchemaBehind(
            f"The database is at schema {found or 'none'} but this version needs {needed}: "
            "run `instrument-share db upgrade`."
        )


def with_current_schema(command: Callable[..., Any]) -> Callable[..., Any]:
    """As Flask's `with_appcontext`, for commands that need the tables: it says first which command makes them."""

    @with_appcontext
    @wraps(command)
    def checked(*arguments: Any, **options: Any) -> Any:
        require_current_schema()
        return command(*arguments, **options)

    return checked
