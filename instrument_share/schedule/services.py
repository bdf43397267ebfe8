"""Saying that calendars changed, and making a secret address void."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import Insert, bindparam, select, text, true

from ..foundation.database import db, engine_name
from ..foundation.many import Texts, listed
from ..foundation.upsert import INSERT, insert_into
from ..identity import audit
from ..identity.models import Person
from .models import Calendar
from .rules import Secret

#: The moment of the change, or a second after the one before where that is later.
_LATER_ON = {
    "postgresql": "greatest(excluded.changed_at, calendar.changed_at + interval '1 second')",
    "sqlite": "max(excluded.changed_at,"
    " strftime('%Y-%m-%d %H:%M:%S.000000', calendar.changed_at, '+1 second'))",
}
_REVOKED = {Secret.OWN: "revoke-calendar-address", Secret.QUEUE: "revoke-queue-address"}


def raise_versions(keys: Iterable[str], at: datetime) -> None:
    """Count the version of these calendars up, in one go.

    The rows are taken in the order of their keys, so that two transactions never wait for each
    other. `changed_at` rises by a second at least, so that two changes never share a Last-Modified.
    """
    given = sorted(set(keys))
    if given:
        db.session.execute(_raising(engine_name()), {"keys": given, "at": at})


@cache
def _raising(engine: str) -> Insert:
    """The statement of `raise_versions`: one for however many calendars."""
    value = listed(bindparam("keys", type_=Texts())).c.value
    rows = select(value, bindparam("at", type_=Calendar.changed_at.type))
    return (
        INSERT[engine](Calendar.__table__)
        .from_select(["key", "changed_at"], rows.where(true()))  # else SQLite takes ON for a join's
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"version": Calendar.version + 1, "changed_at": text(_LATER_ON[engine])},
        )
    )


def revoke_addresses(person: Person, *, at: datetime) -> None:
    """Make every secret address of the person's void."""
    for secret in Secret:
        revoke_address(person, at=at, secret=secret)


def revoke_address(person: Person, *, at: datetime, secret: Secret = Secret.OWN) -> None:
    """Make the person's present address of this feed void; the next one asked for is another."""
    insert = insert_into(Calendar).values(
        key=f"{secret}:{person.id}", changed_at=at, secret_serial=2
    )
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["key"], set_={"secret_serial": Calendar.secret_serial + 1}
        )
    )
    audit.record(_REVOKED[secret], "person", person.id, by=person.id, at=at)
