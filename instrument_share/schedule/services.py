"""Saying that calendars changed, and making a secret address void."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from ..foundation.database import db
from ..identity import audit
from ..identity.models import Person
from .models import Calendar

#: Each dialect's own INSERT … ON CONFLICT; both speak the same.
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def raise_versions(keys: Iterable[str], at: datetime) -> None:
    """Count the version of these calendars up, in one statement.

    The rows are taken in the order of their keys, so that two transactions never wait for each
    other.
    """
    rows = [{"key": key, "changed_at": at} for key in sorted(set(keys))]
    insert = _INSERT[db.session.get_bind().dialect.name](Calendar).values(rows)
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["key"],
            set_={"version": Calendar.version + 1, "changed_at": insert.excluded.changed_at},
        )
    )


def revoke_address(person: Person, *, at: datetime) -> None:
    """Make the person's present calendar address void; the next one asked for is another."""
    insert = _INSERT[db.session.get_bind().dialect.name](Calendar).values(
        key=f"person:{person.id}", changed_at=at, secret_serial=2
    )
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["key"], set_={"secret_serial": Calendar.secret_serial + 1}
        )
    )
    audit.record("revoke-calendar-address", "person", person.id, by=person.id, at=at)
