"""The audit trail: what happened, in order, each entry bound to the one before by SHA-256.

`record` only collects; the entries are chained and written last in the transaction, so that the one row which
puts them in order (`audit_head`) is locked for as short a time as can be: the statement that writes an entry locks
the row, reads where the chain ends and hashes. A trigger moves the end on, and refuses what does not follow it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from flask import g, has_request_context
from sqlalchemy import (
    ColumnElement,
    Insert,
    String,
    bindparam,
    cast,
    event,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session, SessionTransaction

from ..foundation.database import db, sha256
from .models import AuditEntry, AuditHead


@dataclass(frozen=True)
class Fact:
    """Something to be remembered: who (`actor_id`, None for the system itself) did what to which subject."""

    action: str
    subject_kind: str
    subject_id: str
    actor_id: int | None
    at: datetime
    details: dict[str, Any] = field(default_factory=dict)


def record(
    action: str, kind: str, subject_id: object, *, by: int | None, at: datetime, **details: Any
) -> None:
    """Remember a fact with this transaction. `details` is JSON; no secrets, no free text of applications."""
    pending = db.session.info.setdefault("audit", [])
    pending.append(Fact(action, kind, str(subject_id), by, at, details))


def hash_of(fact: Fact, sequence: int, previous: str, request_id: str) -> str:
    """SHA-256 over the canonical JSON of an entry and the hash before it, in hexadecimal."""
    text = f'[{sequence},{_fact_as_json(fact, request_id)},"{previous}"]'
    return hashlib.sha256(text.encode()).hexdigest()


def _fact_as_json(fact: Fact, request_id: str) -> str:
    """What stands between the place in the chain and the hash before it, in the canonical JSON of an entry."""
    told = [
        fact.at.astimezone(UTC).isoformat(), fact.actor_id, fact.action, fact.subject_kind,
        fact.subject_id, fact.details, request_id,
    ]  # fmt: skip
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))[1:-1]


def broken_entries() -> Iterator[str]:
    """Check the whole chain; one sentence for each place where it does not hold."""
    previous, expected = "", 1
    for entry in db.session.scalars(
        select(AuditEntry).order_by(AuditEntry.sequence).execution_options(yield_per=1000)
    ):
        fact = Fact(
            entry.action,
            entry.subject_kind,
            entry.subject_id,
            entry.actor_id,
            entry.at,
            entry.details,
        )
        if entry.sequence != expected:
            yield f"entry {expected} is missing"
        fresh = hash_of(fact, entry.sequence, entry.previous_hash, entry.request_id)
        if entry.previous_hash != previous or entry.hash != fresh:
            yield f"entry {entry.sequence} was changed"
        previous, expected = entry.hash, entry.sequence + 1
    head = db.session.execute(select(AuditHead.sequence, AuditHead.hash)).one()
    if (head.sequence, head.hash) != (expected - 1, previous):
        yield f"the chain ends at entry {expected - 1}, but {head.sequence} were written"


def write_down() -> None:
    """Write the entries so far before the transaction does anything that would have them refused."""
    _write_pending(db.session())


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    """Not where a savepoint ends well: the transaction goes on, and may yet return to one before it."""
    if session.in_nested_transaction():
        return
    facts: list[Fact] = session.info.pop("audit", [])
    if not facts:
        return
    session.flush()
    request_id = g.get("request_id", "") if has_request_context() else ""
    session.execute(_APPEND, [_row_of(fact, request_id) for fact in facts])


def _row_of(fact: Fact, request_id: str) -> dict[str, Any]:
    row = vars(fact) | {"request_id": request_id, "told": _fact_as_json(fact, request_id)}
    return {f"new_{name}": value for name, value in row.items()}


def _appending() -> Insert:
    """The statement that writes a fact behind the last one, as `hash_of` says it."""
    columns, head = AuditEntry.__table__.c, AuditHead.__table__.c
    given = ["at", "actor_id", "action", "subject_kind", "subject_id", "details", "request_id"]
    place = head.sequence + 1
    told = bindparam("new_told", type_=String)
    text = literal("[") + cast(place, String) + "," + told + ',"' + head.hash + '"]'
    values: dict[str, ColumnElement[Any]] = {
        name: bindparam(f"new_{name}", type_=columns[name].type) for name in given
    }
    values |= {"sequence": place, "previous_hash": head.hash, "hash": sha256(text)}
    source = select(*values.values()).with_for_update()
    return insert(AuditEntry.__table__).from_select(list(values), source)


_APPEND = _appending()


@event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(session: Session, begun: SessionTransaction) -> None:
    """What is remembered by then outlives a return to this savepoint."""
    if begun.nested:
        marks = session.info.setdefault("audit_marks", WeakKeyDictionary())
        marks[begun] = len(session.info.get("audit", ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget_pending(session: Session, undone: SessionTransaction) -> None:
    """Of an undone transaction nothing is remembered; of one undone to a savepoint, what was before it.

    A flush that fails tells of itself alone: it takes along whatever it was part of.
    """
    while undone.parent is not None and not undone.nested:
        undone = undone.parent
    mark = session.info["audit_marks"][undone] if undone.nested else 0
    del session.info.get("audit", [])[mark:]
