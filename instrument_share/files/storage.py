"""The storage folder: contents by key, two letters of it a sub-folder. Nothing here is named by a user."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from flask import current_app

_CHUNK = 64 * 1024
_UNFINISHED = ".part"


class TooLarge(Exception):
    """The content goes beyond what was allowed; it was read no further."""


@dataclass(frozen=True, slots=True)
class Received:
    """A content under a temporary name."""

    file: Path
    size: int
    sha256: str


def path_of(key: str) -> Path:
    """Where the content of that key lies, whether or not it does."""
    return _folder() / key[:2] / key


@contextmanager
def received(source: IO[bytes], most: int) -> Iterator[Received]:
    """The content of `source` under a temporary name, gone at the end unless it was kept. Raises TooLarge."""
    handle, name = tempfile.mkstemp(suffix=_UNFINISHED, dir=_folder())
    file = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            size, digest = _copy(source, target, most)
        yield Received(file, size, digest)
    finally:
        file.unlink(missing_ok=True)


def keep(content: Received, key: str) -> None:
    """Give a content its name for good. It is on the disk before the name is, and the name before a row tells of it."""
    target = path_of(key)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    content.file.replace(target)
    for folder in (target.parent, target.parent.parent):
        _write_out(folder)


def forget(key: str) -> None:
    path_of(key).unlink(missing_ok=True)


def contents_before(moment: datetime) -> Iterator[str]:
    """Names of everything in the folder that was last touched before `moment`."""
    for folder in (_folder(), *(each for each in _folder().iterdir() if each.is_dir())):
        for file in folder.iterdir():
            if file.is_file() and _touched(file) < moment:
                yield file.name


def forget_unfinished(name: str) -> bool:
    """Remove what an upload that was cut off left behind; False where `name` is no such thing."""
    if not name.endswith(_UNFINISHED):
        return False
    (_folder() / name).unlink(missing_ok=True)
    return True


def _copy(source: IO[bytes], target: IO[bytes], most: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while part := source.read(_CHUNK):
        size += len(part)
        if size > most:
            raise TooLarge()
        digest.update(part)
        target.write(part)
    target.flush()
    os.fsync(target.fileno())
    return size, digest.hexdigest()


def _write_out(folder: Path) -> None:
    """Names of a folder, too, may be lost with the power until this is done (fsync(2))."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _touched(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _folder() -> Path:
    settings = current_app.config["SETTINGS"]
    folder: Path = settings.storage_dir or settings.instance_dir / "storage"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
