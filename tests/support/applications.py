"""One application per installation and process, lent to one test after another as if it were new."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from instrument_share import create_app
from instrument_share.foundation.database import db
from instrument_share.foundation.http.limits import limiter
from instrument_share.settings import Settings

from .client import SeparateClient
from .databases import release


class Applications:
    """Makes applications, and keeps those that another test can use; `templates` is a folder."""

    def __init__(self, templates: Path) -> None:
        templates.mkdir(exist_ok=True)
        self._compiled = FileSystemBytecodeCache(str(templates))
        self._kept: dict[Settings, tuple[Flask, dict[str, Any]]] = {}

    @contextlib.contextmanager
    def lent(self, settings: Settings) -> Iterator[Flask]:
        """An application with these settings, configured as on its first day, without open transactions."""
        app, config = self._found(settings)
        app.config.clear()
        app.config |= config | {"SETTINGS": settings}
        app.instance_path = str(settings.instance_dir)
        settings.instance_dir.mkdir(parents=True, exist_ok=True)
        limiter.enabled = settings.rate_limits  # one for all applications of the process
        if not settings.is_embedded:
            _try_connections(app)
        try:
            yield app
        finally:
            with app.app_context():
                _end(app, stays=not settings.is_embedded)

    def _found(self, settings: Settings) -> tuple[Flask, dict[str, Any]]:
        """Rate limits count inside the process: an application that has them is not lent again."""
        if settings.rate_limits:
            return self._made(settings)
        # The instance folder is each test's own, and no part of the application depends on it.
        key = dataclasses.replace(settings, instance_dir=Path(), storage_dir=None)
        if key not in self._kept:
            self._kept[key] = self._made(settings)
        return self._kept[key]

    def _made(self, settings: Settings) -> tuple[Flask, dict[str, Any]]:
        app = create_app(settings)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        app.test_client_class = SeparateClient
        app.jinja_env.bytecode_cache = self._compiled
        _keep_statements(app)
        return app, dict(app.config)


def _keep_statements(app: Flask) -> None:
    """All tests together send more kinds of statement than an engine keeps compiled: it would compile them again."""
    with app.app_context():
        db.engine._compiled_cache.capacity = 10_000


def _try_connections(app: Flask) -> None:
    """Those that rest since the test before may lead to a database that is gone: then all are forgotten."""
    with app.app_context(), contextlib.ExitStack() as taken:
        resting = db.engine.pool.checkedin()  # type: ignore[attr-defined] # of a pool that keeps some
        try:
            for _ in range(resting):
                taken.enter_context(db.engine.connect()).execute(text("SELECT 1"))
        except OperationalError:  # the driver does not tell every such end from a passing fault
            db.engine.dispose()


def _end(app: Flask, *, stays: bool) -> None:
    """An SQLite file is replaced by another; PostgreSQL's connections rest, with all that they have prepared."""
    if stays:
        db.session.remove()
    else:
        release(app)
