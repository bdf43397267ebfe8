"""The contents of what a person uploaded; the floor that keeps files says how they are packed."""

from __future__ import annotations

from collections.abc import Callable
from zipfile import ZipFile

from ...foundation.above import Above
from ..models import Person

#: Where they lie in the archive.
FOLDER = "files/"

Packer = Callable[[ZipFile, Person], None]
_packer: Above[Packer] = Above(lambda _archive, _person: None)
register = _packer.register


def pack(archive: ZipFile, person: Person) -> None:
    _packer.ask(archive, person)
