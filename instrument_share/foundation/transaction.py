"""One transaction per command, opened at the face.

`perform(service, …)` runs a service function in one transaction and tries again where the database asked for it
(serialization failure, deadlock, locked file) and where somebody else was first with the same row. On SQLite writers
take turns before they begin: a lock in the process and an advisory file lock between processes, because SQLite's own
busy handler is not fair.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from flask import current_app, g
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from .errors import NotAuthenticated, ReadOnly, StaleVersion

Given = ParamSpec("Given")
Result = TypeVar("Result")

_ATTEMPTS = 4
#: serialization_failure, deadlock_detected, and unique_violation and foreign_key_violation: somebody wrote the same row
#: a moment before, or removed the one that is referred to, which the service reads as it is when it is tried again.
_RETRIED_STATES = {"40001", "40P01", "23505", "23503"}
_writing: ContextVar[bool] = ContextVar("writing", default=False)
_turn = threading.Lock()


def only_reading() -> None:
    """From here to its end this request may change nothing: every command is refused."""
    g.only_reading = True


def is_only_reading() -> bool:
    """Whether somebody looks at the site as somebody else."""
    return bool(g.get("only_reading"))


def check_not_only_reading() -> None:
    """Raises ReadOnly for whoever views the site as somebody else. Also guards the secrets of whom they look at."""
    if is_only_reading():
        raise ReadOnly()


def is_writing() -> bool:
    """Whether the present context is inside a command's transaction."""
    return _writing.get()


def has_written() -> bool:
    """Whether a command of this request is done, whatever becomes of its answer."""
    return bool(g.get("has_written"))


def perform(
    service: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
) -> Result:
    """Run `service(*args, **kwargs)` in one transaction and commit it, at most four times."""
    for attempt in range(_ATTEMPTS):
        try:
            with transaction():
                return service(*args, **kwargs)
        except DBAPIError as error:
            if _is_of_closed_account(error):
                raise NotAuthenticated() from error
            if attempt + 1 == _ATTEMPTS or not _is_worth_retrying(error):
                raise
    raise AssertionError("unreachable")


@contextlib.contextmanager
def transaction() -> Iterator[None]:
    """A transaction that commits at its end and rolls back on any error. Nests: the outermost commits.

    Raises StaleVersion where a versioned row was changed by somebody else meanwhile, and ReadOnly where this request
    changes nothing (`only_reading`).
    """
    check_not_only_reading()
    if is_writing():
        yield
        return
    from .database import db

    with _taking_turns():
        mark = _writing.set(True)
        try:
            db.session.connection()  # begins here, so that whatever fails is rolled back
            yield
            db.session.commit()
            g.has_written = True
        except StaleDataError as error:
            db.session.rollback()
            raise StaleVersion() from error
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _writing.reset(mark)


@contextlib.contextmanager
def _taking_turns() -> Iterator[None]:
    """Wait until no other command writes to the SQLite file; on PostgreSQL, which needs no turns, do nothing.

    There a command goes on in the transaction in which its request has read: each of its statements sees what is
    committed by then (READ COMMITTED). SQLite reads one state until the end, so what was begun for reading ends here.
    """
    lock_file = current_app.config.get("SQLITE_WRITER_LOCK")
    if not lock_file:
        yield
        return
    from .database import db

    db.session.commit()  # objects stay loaded
    with _turn:
        handle = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _is_of_closed_account(error: DBAPIError) -> bool:
    """Whether the database refuses an account that was suspended or erased while the request was on its way."""
    return any(name in str(error.orig) for name in ("account_closed", "account_erased"))


def _is_worth_retrying(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    locked = isinstance(error, OperationalError) and "database is locked" in str(error.orig)
    return state in _RETRIED_STATES or locked
