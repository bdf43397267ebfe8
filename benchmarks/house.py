"""The installation that is measured: a database with a known load, the real server, people who are signed in."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from instrument_share import create_app
from instrument_share.catalogue.models import Instrument
from instrument_share.cli.database import migrate
from instrument_share.demo.synthetic import generate
from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from instrument_share.foundation.identifiers import digest_of
from instrument_share.identity.models import ApiToken, Person
from instrument_share.identity.sessions.cookie import content_for
from instrument_share.settings import Settings
from tests.support.databases import Databases, environment, release
from tests.support.server import serve

INSTRUMENTS, BOOKINGS, PEOPLE = 137, 30_000, 16


@dataclass(frozen=True)
class House:
    """A running server and what its clients need to know. `app` is the same installation in this process."""

    database: str
    url: str
    app: Flask
    tokens: list[str]
    cookie: str
    instruments: list[str]
    bookings: int


@contextlib.contextmanager
def open_house(
    kind: str, databases: Databases, folder: Path, bookings: int = BOOKINGS
) -> Iterator[House]:
    """Migrate, generate the load, serve with two workers."""
    with databases.fresh(kind, folder) as database:
        environ = environment(database.url, folder / "instance", LOG_FORMAT="json")
        app = create_app(Settings.from_environment(environ))
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        with app.app_context():
            migrate()
            generate(INSTRUMENTS, bookings, at=now())
            people = list(db.session.scalars(select(Person).order_by(Person.id).limit(PEOPLE)))
            tokens = [_give_token(person) for person in people]
            cookie = session_cookie(app, people[0])
            db.session.commit()
            slugs = _slugs()
            release(app)
        with serve(environ, folder, workers=2) as server:
            yield House(kind, server.url, app, tokens, cookie, slugs, bookings)
        with app.app_context():
            release(app)


def _give_token(person: Person) -> str:
    secret = f"benchmark-{person.id}"
    db.session.add(
        ApiToken(
            person_id=person.id,
            label="benchmark",
            digest=digest_of(secret),
            created_at=now(),
            expires_at=now() + timedelta(days=1),
        )
    )
    return secret


def session_cookie(app: Flask, person: Person) -> str:
    """A session as sign-in makes it, so that pages can be asked for without its password."""
    serializer: Any = SecureCookieSessionInterface().get_signing_serializer(app)
    content = content_for(person, "benchmark", at=now())
    db.session.commit()
    return f"session={serializer.dumps(content)}"


def _slugs() -> list[str]:
    return list(db.session.scalars(select(Instrument.slug).order_by(Instrument.id)))
