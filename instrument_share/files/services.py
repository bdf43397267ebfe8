"""Keeping a file that was handed in, and removing what nothing refers to any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, select
from werkzeug.datastructures import FileStorage

from ..foundation.database import db
from ..foundation.identifiers import new_secret
from ..identity.models import Person
from . import storage
from .checking import fault_in
from .errors import UnacceptableFile
from .models import StoredFile
from .rules import LARGEST_FILE, MEDIA_TYPES, MOST_IN_A_DAY, Fault, clean_name, ending_of

#: What nobody refers to is kept so long: the transaction that will refer to it may still be under way.
GRACE, DAY = timedelta(hours=1), timedelta(days=1)
_BATCH = 200


def keep_file(upload: FileStorage, *, by: Person, at: datetime, field: str = "file") -> StoredFile:
    """Check a file and keep it; the caller's row refers to it by `stored_file.id` in the same transaction.

    `field` is the form's field, named where the file is refused. Raises UnacceptableFile. Where the transaction
    fails later, the worker removes the content.
    """
    name = clean_name(upload.filename or "")
    upload.stream.seek(0)  # a transaction that is tried again reads it again
    try:
        with storage.received(upload.stream, LARGEST_FILE) as content:
            fault = Fault.EMPTY if not content.size else fault_in(content.file, name)
            if not fault and _sent_since(by, at - DAY) + content.size > MOST_IN_A_DAY:
                fault = Fault.MUCH
            if fault:
                raise UnacceptableFile(fault, field=field, name=name)
            file = _row_of(content, name, by, at)
            storage.keep(content, file.key)
    except storage.TooLarge:
        raise UnacceptableFile(Fault.TOO_LARGE, field=field, name=name) from None
    db.session.add(file)
    db.session.flush()
    return file


def _sent_since(person: Person, moment: datetime) -> int:
    """The bytes that the person has handed in since then."""
    sent = select(func.coalesce(func.sum(StoredFile.size), 0))
    theirs = StoredFile.uploaded_by_id == person.id, StoredFile.created_at > moment
    return int(db.session.scalar(sent.where(*theirs)) or 0)


def keep_files(
    uploads: Iterable[FileStorage], *, by: Person, at: datetime, field: str = "files"
) -> list[StoredFile]:
    """Keep each of several; one that is not taken refuses them all."""
    return [keep_file(upload, by=by, at=at, field=field) for upload in uploads]


def _row_of(content: storage.Received, name: str, by: Person, at: datetime) -> StoredFile:
    return StoredFile(
        key=new_secret(),
        name=name,
        media_type=MEDIA_TYPES[ending_of(name)],
        size=content.size,
        sha256=content.sha256,
        uploaded_by_id=by.id,
        created_at=at,
    )


def forget_unused(at: datetime) -> int:
    """Remove a batch of files that no row of any table refers to; returns how many."""
    unused = select(StoredFile.id, StoredFile.key).where(
        StoredFile.created_at < at - GRACE, *(~reference for reference in _references())
    )
    found = db.session.execute(unused.limit(_BATCH).with_for_update(skip_locked=True)).all()
    if found:
        gone = [key for key, _ in found]
        db.session.execute(delete(StoredFile).where(StoredFile.id.in_(gone)))
    return len(found)


def forget_unused_of(person_id: int) -> None:
    """Remove what somebody handed in and no row refers to, however new; the worker removes the contents."""
    unused = (~reference for reference in _references())
    db.session.execute(delete(StoredFile).where(StoredFile.uploaded_by_id == person_id, *unused))


def _references() -> Sequence[ColumnElement[bool]]:
    """For every column of the house that refers to a file: does it, to this one?"""
    own = StoredFile.__table__.c.id
    return [
        exists().where(column == own)
        for table in db.metadata.tables.values()
        for column in table.columns
        if any(key.column is own for key in column.foreign_keys)
    ]


def forget_contents_without_file(at: datetime) -> int:
    """Remove contents that have no row: of removed files, of failed transactions, of uploads cut off."""
    old = list(storage.contents_before(at - GRACE))
    gone = sum(storage.forget_unfinished(name) for name in old)
    keys = [name for name in old if "." not in name]
    for first in range(0, len(keys), _BATCH):
        gone += _forget_unknown(set(keys[first : first + _BATCH]))
    return gone


def _forget_unknown(keys: set[str]) -> int:
    known = select(StoredFile.key).where(StoredFile.key.in_(keys))
    unknown = keys.difference(db.session.scalars(known))
    for key in unknown:
        storage.forget(key)
    return len(unknown)
