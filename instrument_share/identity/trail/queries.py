"""What an auditor finds in the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, func, or_, select

from ...foundation.database import db
from ...foundation.errors import Forbidden
from ...foundation.http.paging import Page
from ..acting import actor_of
from ..models import AuditEntry, Person
from ..rules import Permission, may, subject


@dataclass(frozen=True, slots=True)
class Wanted:
    """Entries about a thing (its number, or a mail address for a person), by somebody (part of a name, or a mail
    address), about a kind of thing, in `[since, until)`. What is empty is not asked.
    """

    about: str = ""
    who: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


def trail(person: Person, wanted: Wanted, page: int = 1, page_size: int = 50) -> Page[AuditEntry]:
    """The audit trail, the latest first. Raises Forbidden."""
    if not may(actor_of(person), Permission.SEE_AUDIT, subject()):
        raise Forbidden()
    entries = select(AuditEntry).where(*_conditions(wanted))
    total = db.session.scalar(entries.with_only_columns(func.count(AuditEntry.sequence))) or 0
    rows = db.session.scalars(
        entries.order_by(AuditEntry.sequence.desc()).limit(page_size).offset((page - 1) * page_size)
    )
    return Page(rows.all(), total, page, page_size)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.about:
        yield _is_about(wanted.about)
    if wanted.who:
        yield AuditEntry.actor_id.in_(select(Person.id).where(_is_called(wanted.who)))
    if wanted.kind:
        yield AuditEntry.subject_kind == wanted.kind
    if wanted.since:
        yield AuditEntry.at >= wanted.since
    if wanted.until:
        yield AuditEntry.at < wanted.until


def _is_about(thing: str) -> ColumnElement[bool]:
    """The thing is what an entry is about, or its details name it (a letter's name its booking)."""
    if "@" in thing:
        ids = select(cast(Person.id, String)).where(Person.email == thing.lower())
        return (AuditEntry.subject_kind == "person") & AuditEntry.subject_id.in_(ids)
    named = cast(AuditEntry.details, String).contains(f'"{thing}"', autoescape=True)
    return or_(AuditEntry.subject_id == thing, named)


def _is_called(name: str) -> ColumnElement[bool]:
    if "@" in name:
        return Person.email == name.lower()
    return Person.display_name.icontains(name, autoescape=True)
