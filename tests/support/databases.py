"""Isolated databases in milliseconds: migrate once into a template, then copy it or put back what it held.

A test with an empty database gets the one that its process keeps for such tests (`Databases.empty`),
always under the same address: so the application and all that it has compiled serve again.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from instrument_share import create_app
from instrument_share.cli.database import migrate
from instrument_share.foundation.database import db
from instrument_share.settings import Settings

from .contents import CONTENTS
from .postgres import Postgres
from .pristine import Pristine, Rows

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """A migrated database of one test's own."""

    kind: str
    url: str


#: What a process's own database held at a moment: the copy of a file, or PostgreSQL's rows.
Kept = Path | Rows


def environment(database_url: str, instance: Path, **settings: str) -> dict[str, str]:
    """The environment of an installation under test; `settings` without the prefix."""
    values = {
        "DATABASE_URL": database_url,
        "INSTANCE_DIR": str(instance),
        "SECRET_KEY": "only-for-tests-" + "0" * 32,
        "RATE_LIMITS": "off",
        "LOG_FORMAT": "json",  # as in production, and quicker than what is made for people's eyes
        **settings,
    }
    return {f"INSTRUMENT_SHARE_{name}": value for name, value in values.items()}


class Databases:
    """Makes and removes databases below `shared`, the folder that all workers of a run have in common."""

    def __init__(self, shared: Path) -> None:
        self._shared = shared
        self._postgres: Postgres | None = None
        self._pristine: Pristine | None = None
        self._templates: set[tuple[str, str]] = set()

    @property
    def postgres(self) -> Postgres:
        """The run's PostgreSQL server, started when first needed."""
        if self._postgres is None:
            self._postgres = Postgres(self._shared)
        return self._postgres

    @contextlib.contextmanager
    def fresh(self, kind: str, folder: Path, contents: str = "empty") -> Iterator[Database]:
        """A new database with those contents (see contents.py), removed at the end."""
        self._ensure_template(kind, contents)
        if kind == "sqlite":
            file = folder / f"database-{next(_numbers)}.sqlite"
            shutil.copyfile(self._template_file(contents), file)
            yield Database(kind, f"sqlite:///{file}")
            return
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self.postgres.create(name, template=f"template_{contents}")
        try:
            yield Database(kind, self.postgres.url(name))
        finally:
            self.postgres.drop(name)

    @contextlib.contextmanager
    def empty(self, kind: str) -> Iterator[Database]:
        """This process's database without contents, as it was when it was new: for one test at a time."""
        self._ensure_template(kind, "empty")
        if kind == "sqlite":
            yield Database(kind, f"sqlite:///{self._renewed_file()}")
        else:
            yield Database(kind, self.postgres.url(self._renewed_name()))

    def put_back(self, database: Database) -> None:
        """What an SQLite database held when it was new and empty, while others may have it open."""
        file = database.url.removeprefix("sqlite:///")
        with (
            contextlib.closing(sqlite3.connect(self._template_file("empty"))) as source,
            contextlib.closing(sqlite3.connect(file)) as target,
        ):
            source.backup(target)

    def keep(self, database: Database, name: str) -> Kept:
        """What the process's own database (that of `empty`) holds now; `name` is a new one."""
        if database.kind == "postgresql":
            assert self._pristine, "only a database that is kept"
            return self._pristine.told()
        kept = self._shared / f"kept-{os.getpid()}-{name}.sqlite"
        with (
            contextlib.closing(sqlite3.connect(self._own_file())) as source,
            contextlib.closing(sqlite3.connect(kept)) as target,
        ):
            source.backup(target)
        return kept

    def fill(self, database: Database, kept: Kept) -> None:
        """Put it into the process's own database, which is empty and which nobody has open."""
        if isinstance(kept, Rows):
            assert self._pristine, "only a database that is kept"
            self._pristine.take(kept)
        else:
            self._replace_file(kept)

    def _own_file(self) -> Path:
        return self._shared / f"empty-{os.getpid()}.sqlite"

    def _renewed_file(self) -> Path:
        return self._replace_file(self._template_file("empty"))

    def _replace_file(self, source: Path) -> Path:
        file = self._own_file()
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()
        shutil.copyfile(source, file)
        return file

    def _renewed_name(self) -> str:
        name = f"empty_{os.getpid()}"
        if not (self._pristine and self._pristine.put_back()):
            self.postgres.drop(name)
            self.postgres.create(name, template="template_empty")
            self._pristine = Pristine.of(self.postgres.url(name))
        return name

    def _template_file(self, contents: str) -> Path:
        return self._shared / f"template-{contents}.sqlite"

    def _ensure_template(self, kind: str, contents: str) -> None:
        if (kind, contents) in self._templates:
            return
        marker = self._shared / f"template-{kind}-{contents}.done"
        with _only_one(self._shared / f"template-{kind}-{contents}.lock"):
            if not marker.exists():
                self._make_template(kind, contents)
                marker.touch()
        self._templates.add((kind, contents))

    def _make_template(self, kind: str, contents: str) -> None:
        if kind == "sqlite":
            file = self._template_file(contents)
            file.unlink(missing_ok=True)
            url = f"sqlite:///{file}"
        else:
            name = f"template_{contents}"
            self.postgres.drop(name)
            self.postgres.create(name)
            url = self.postgres.url(name)
        instance = self._shared / f"instance-{kind}-{contents}"
        settings = Settings.from_environment(environment(url, instance, DEMO="on"))
        _fill(create_app(settings), CONTENTS[contents])


def _fill(app: Flask, load: Callable[[], None]) -> None:
    with app.app_context():
        try:
            migrate()
            load()
        finally:
            release(app)


def release(app: Flask) -> None:
    """Close every connection of `app`; needs its context."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


@contextlib.contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
