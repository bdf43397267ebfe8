"""What a person uploaded, told and given to them."""

from __future__ import annotations

from zipfile import ZipFile

from flask_babel import lazy_gettext
from sqlalchemy import select

from ..foundation.database import db
from ..identity.models import Person
from ..identity.own_data import contents
from ..identity.own_data.registry import Erasure, Part, Rows, register
from .models import StoredFile
from .services import forget_unused_of
from .storage import path_of

#: So many bytes are packed in all, the newest first; the list of files names them all.
MOST_PACKED = 500 * 1024 * 1024


def _erase(erasure: Erasure) -> None:
    forget_unused_of(erasure.person.id)


_FILES = Part(
    "files",
    lazy_gettext("Files"),
    lazy_gettext(
        "The list of the files that you uploaded. Up to 500 MB of them, the newest first, lie in the folder files."
    ),
    (Rows("files", StoredFile.uploaded_by_id, without=("key",)),),
    goes=lazy_gettext("Uploaded files that belong to nothing."),
    stays=lazy_gettext(
        "Files that came with requests, messages or agreements, under the names that were given to them."
    ),
    erase=_erase,
)


def connect() -> None:
    """Say what is held. Connecting again changes nothing."""
    register(_FILES)
    contents.register(_pack)


def _pack(archive: ZipFile, person: Person) -> None:
    """Each under its number and name, so that two of the same name are both there."""
    found = db.session.execute(
        select(StoredFile.id, StoredFile.key, StoredFile.name, StoredFile.size)
        .where(StoredFile.uploaded_by_id == person.id)
        .order_by(StoredFile.id.desc())
    )
    packed = 0
    for file_id, key, name, size in found:
        packed += size
        if packed > MOST_PACKED:
            break
        if path_of(key).is_file():
            archive.write(path_of(key), f"{contents.FOLDER}{file_id}-{name}")
