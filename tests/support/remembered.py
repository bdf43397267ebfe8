"""What many tests begin with is made once per process and engine; every further test is given the same rows back.

Only the database, the instance folder and the references to rows are remembered, never a row's object: each test reads
its own.
"""

from __future__ import annotations

import io
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from flask import current_app
from sqlalchemy import inspect

from instrument_share.foundation.database import db

from .databases import Database, Databases, Kept, release

T = TypeVar("T")


@dataclass(frozen=True)
class _Memory:
    """A database's rows, the files beside it, and what `make` returned."""

    rows: Kept
    files: Path
    returned: bytes


class Remembered:
    """Puts back what was made before; its memories are below `folder`."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self._databases, self._folder = databases, folder
        self._memories: dict[tuple[str, Callable[[], Any]], _Memory] = {}

    def of(self, make: Callable[[], T], database: Database) -> T:
        """What `make()` returns, its rows committed. It takes no arguments, and tells what it made by its result."""
        memory = self._memories.get((database.kind, make))
        if memory is None:
            made = make()
            db.session.commit()
            self._memories[database.kind, make] = self._memory_of(made, database)
            return made
        release(current_app)
        self._databases.fill(database, memory.rows)
        shutil.copytree(memory.files, current_app.instance_path, dirs_exist_ok=True)
        return cast(T, _Reader(io.BytesIO(memory.returned)).load())

    def _memory_of(self, made: object, database: Database) -> _Memory:
        returned = io.BytesIO()
        _Writer(returned).dump(made)
        files = self._folder / str(len(self._memories))
        shutil.copytree(current_app.instance_path, files)
        return _Memory(self._databases.keep(database, files.name), files, returned.getvalue())


class _Writer(pickle.Pickler):
    """A row is written as its class and key."""

    def persistent_id(self, thing: Any) -> Any:
        return (type(thing), inspect(thing).identity) if isinstance(thing, db.Model) else None


class _Reader(pickle.Unpickler):
    def persistent_load(self, reference: Any) -> Any:
        return db.session.get_one(*reference)
