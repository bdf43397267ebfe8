"""instrument_share: large research instruments, opened to researchers of partner institutions."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from flask import Flask
from sqlalchemy import Engine

from .foundation.database import db, prepare_sqlite, try_rested_connections
from .foundation.http.json_provider import JsonProvider
from .foundation.paths import shipped
from .settings import PREFIX, Settings, SettingsError

__version__ = "0.1.0"
__all__ = ["Settings", "create_app"]


class Site(Flask):
    """Flask, none of whose functions is a coroutine: it need not ask each of twenty of them in every request."""

    json_provider_class = JsonProvider

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The application for `settings` (by default those of the environment).

    Raises SettingsError, with one sentence, where a setting is missing or wrong.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Site(
        __name__,
        instance_path=str(settings.instance_dir),
        static_folder=str(shipped("static")),
    )
    app.config.from_mapping(_flask_config(settings))
    _make_folder(settings.instance_dir)
    db.init_app(app)
    with app.app_context():
        _prepare(db.engine, settings)
    with _collecting_later():
        from . import web

        web.init_app(app)
    return app


def _make_folder(instance_dir: Path) -> None:
    try:
        instance_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{PREFIX}INSTANCE_DIR: the folder {instance_dir} cannot be made ({error.strerror})."
        ) from None


def _prepare(engine: Engine, settings: Settings) -> None:
    if settings.is_embedded:
        prepare_sqlite(engine)
    else:
        from .foundation.postgresql import use_our_connections

        try_rested_connections(engine)
        use_our_connections(engine)


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Hundreds of modules are loaded of which nothing is garbage: looking through them again and again takes a fifth
    of the time in which a process starts, and looking through them once at the end still a twentieth.
    """
    was_on, is_first = gc.isenabled(), f"{__name__}.web" not in sys.modules
    gc.disable()
    try:
        yield
    finally:
        if is_first:
            gc.freeze()  # modules stay; a second application's objects need not
        if was_on:
            gc.enable()


def _flask_config(settings: Settings) -> dict[str, object]:
    config: dict[str, object] = {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_use_lifo": True,  # the connection that was used last knows its statements best
            "json_deserializer": orjson.loads,
        },
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        # Browsers take a cookie of this name from nobody but this very host, by https, for all of it (RFC 6265bis).
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 14 * 24 * 3600,
        # Noting who was seen sends it again (identity/sessions/cookie.py); else files that all may keep came with it.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": settings.default_locale.replace("-", "_"),
        "BABEL_TRANSLATION_DIRECTORIES": str(shipped("translations")),
    }
    if settings.is_embedded:
        config["SQLITE_WRITER_LOCK"] = _lock_beside(settings.database_url)
    return config


def _lock_beside(database_url: str) -> str:
    return database_url.removeprefix("sqlite:///") + ".writer"
