"""The search index, in the form of each engine: an FTS5 table on SQLite, a weighted tsvector on PostgreSQL.

Both hold the words of `search_text`, never raw text, so neither engine's tokenizer decides what a
word is. Names
weigh more (column `name`, weight A) than everything else that is told of an instrument (`body`,
weight B).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select, text
from sqlalchemy.orm import joinedload, selectinload

from ..foundation.database import db, engine_name
from ..foundation.localized import LocalizedText
from .models import Facility, Instrument
from .search_text import words_of

_BATCH = 500

_SQLITE_FORGET = text("DELETE FROM instrument_search WHERE rowid = :id")
_SQLITE_WRITE = text("INSERT INTO instrument_search (rowid, name, body) VALUES (:id, :name, :body)")
_POSTGRESQL_WRITE = text(
    "INSERT INTO instrument_search (instrument_id, document) "
    "VALUES (:id, CAST(:document AS tsvector)) "
    "ON CONFLICT (instrument_id) DO UPDATE SET document = excluded.document"
)


def index_instruments(ids: Iterable[int] | None = None) -> int:
    """Write the search rows of these instruments anew, of all when None; how many they were."""
    db.session.flush()
    wanted = (
        sorted(set(ids)) if ids is not None else db.session.scalars(select(Instrument.id)).all()
    )
    for start in range(0, len(wanted), _BATCH):
        _write([_row_of(it) for it in _loaded(wanted[start : start + _BATCH])])
    return len(wanted)


def _loaded(ids: Sequence[int]) -> Sequence[Instrument]:
    query: Select[Instrument] = (
        select(Instrument)
        .where(Instrument.id.in_(ids))
        .options(
            joinedload(Instrument.facility).joinedload(Facility.host),
            selectinload(Instrument.techniques),
        )
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class _Row:
    """The words of an instrument's names and of everything else that is told of it."""

    id: int
    name: list[str]
    body: list[str]


def _row_of(instrument: Instrument) -> _Row:
    name = [word for part in instrument.names.values() for word in words_of(part)]
    body = [word for part in _told_of(instrument) for word in words_of(part)]
    return _Row(instrument.id, name, body)


def _told_of(instrument: Instrument) -> Iterator[str]:
    """Everything beyond its names by which somebody may look for an instrument."""
    facility = instrument.facility
    texts: list[LocalizedText] = [
        instrument.summary,
        instrument.specification,
        instrument.sample_requirements,
        instrument.class_label,
        facility.names,
        facility.place,
        facility.host.names,
        *(technique.names for technique in instrument.techniques),
    ]
    for each in texts:
        yield from each.values()
    yield from (instrument.slug, instrument.manufacturer, instrument.model, instrument.class_code)
    yield from instrument.variables


def _write(rows: list[_Row]) -> None:
    if not rows:
        return
    if engine_name() == "sqlite":
        db.session.execute(_SQLITE_FORGET, [{"id": row.id} for row in rows])
        db.session.execute(_SQLITE_WRITE, [_as_columns(row) for row in rows])
    else:
        db.session.execute(_POSTGRESQL_WRITE, [_as_document(row) for row in rows])


def _as_columns(row: _Row) -> dict[str, object]:
    return {"id": row.id, "name": " ".join(row.name), "body": " ".join(row.body)}


def _as_document(row: _Row) -> dict[str, object]:
    """The text form of a tsvector: words are letters and digits only, so nothing in them needs escaping."""
    marks = dict.fromkeys(row.body, "2B") | dict.fromkeys(row.name, "1A")
    return {"id": row.id, "document": " ".join(f"'{word}':{mark}" for word, mark in marks.items())}
