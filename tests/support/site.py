"""One server for many browser tests: it runs on while its database is put back to what it held when it was new."""

from __future__ import annotations

import contextlib
from pathlib import Path

from .databases import Database, Databases, environment
from .server import ALONE, LiveServer, serve
from .starting import forked


class Site:
    """A server on an SQLite database of its own, started when first needed: for one test at a time."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self._databases, self._folder = databases, folder
        self._open = contextlib.ExitStack()
        self._database: Database | None = None
        self._server: LiveServer | None = None

    def begin_anew(self) -> Database:
        """Its database, empty."""
        if self._database is None:
            self._database = self._open.enter_context(self._databases.fresh("sqlite", self._folder))
        else:
            self._databases.put_back(self._database)
        return self._database

    def served(self) -> LiveServer:
        if self._server is None:
            assert self._database is not None, "begin anew first"
            environ = environment(self._database.url, self._folder / "instance")
            self._server = self._open.enter_context(
                serve(environ, self._folder, workers=1, options=ALONE, start=forked)
            )
        return self._server

    def close(self) -> None:
        self._open.close()
