"""Two commands that overlap, one step of the database after the other: no luck, and no waiting for it.

    one, other = overlap(app, database, first, second)   # `second` runs while what `first` wrote is not committed yet
    one, other = in_between(app, first, second)          # `first` runs when `second` has read and not begun to write

Each is a function without arguments that calls `perform`; told is what it gave, or the exception that it raised.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from instrument_share.foundation import transaction
from instrument_share.foundation.database import db
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import Person

from .builders import AT
from .databases import Database

Call = Callable[[], object]
#: In seconds; reached only where something is wrong.
_PATIENCE = 30.0
_WAITS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def doing(
    service: Callable[..., object], *given: object, by: int | None = None, **named: object
) -> Call:
    """A command by the person of this id, who is read where it runs, as is every row among `given`."""
    keys = [(type(each), each.id) if isinstance(each, db.Model) else each for each in given]

    def read(each):
        is_row = isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], type)
        return db.session.get_one(*each) if is_row else each

    def run():
        named_by = {} if by is None else {"by": db.session.get_one(Person, by)}
        return perform(service, *map(read, keys), at=AT, **named_by, **named)

    return run


def outcomes(pair: tuple[object, object]) -> list[type | None]:
    """What each raised."""
    return [type(each) if isinstance(each, Exception) else None for each in pair]


def overlap(app: Flask, database: Database, first: Call, second: Call) -> tuple[object, object]:
    """On PostgreSQL: `second` begins when `first` has written all that it has to write, and goes on until it waits for
    a lock or is done; then `first` is committed.
    """
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT")
    other = _Thread(app, second)

    def before_commit() -> None:
        other.start()
        with engine.connect() as connection:
            _until(lambda: other.is_over() or bool(connection.scalar(_WAITS)))

    try:
        # Until both are done: the other's commit must not find the listener being taken away.
        with _commits(before_commit):
            one = _outcome_of(app, first)
            assert other.has_begun(), one
            return one, other.outcome()
    finally:
        engine.dispose()


def in_between(app: Flask, first: Call, second: Call) -> tuple[object, object]:
    """`second` reads what it reads before its command; then `first` is done with all it does; then the command."""
    found: list[object] = []
    with _begins(lambda: found.append(_apart(app, first))):
        other = _outcome_of(app, second)
    return found[0], other


def _apart(app: Flask, call: Call) -> object:
    thread = _Thread(app, call)
    thread.start()
    return thread.outcome()


class _Thread:
    def __init__(self, app: Flask, call: Call) -> None:
        self._found: list[object] = []
        self._thread = threading.Thread(target=lambda: self._found.append(_outcome_of(app, call)))

    def start(self) -> None:
        self._thread.start()

    def has_begun(self) -> bool:
        return self._thread.ident is not None

    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def outcome(self) -> object:
        self._thread.join(_PATIENCE)
        return self._found[0]


def _outcome_of(app: Flask, call: Call) -> object:
    with app.app_context():
        try:
            return call()
        except Exception as error:
            return error
        finally:
            db.session.remove()


@contextmanager
def _commits(do: Callable[[], None]) -> Iterator[None]:
    """Do this once, before this thread's next commit and before the audit trail is written, which all wait for."""
    here, done = threading.get_ident(), []

    def before(_session: Session) -> None:
        if threading.get_ident() == here and not done and transaction.is_writing():
            done.append(True)
            do()

    event.listen(Session, "before_commit", before, insert=True)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", before)


@contextmanager
def _begins(do: Callable[[], None]) -> Iterator[None]:
    """Do this once, before this thread's next command."""
    here, done, own = threading.get_ident(), [], transaction.check_not_only_reading

    def before() -> None:
        if threading.get_ident() == here and not done:
            done.append(True)
            do()
        own()

    transaction.check_not_only_reading = before
    try:
        yield
    finally:
        transaction.check_not_only_reading = own


def _until(fact: Callable[[], bool]) -> None:
    limit = monotonic() + _PATIENCE
    while not fact():
        assert monotonic() < limit, "neither waits for a lock nor ends"
