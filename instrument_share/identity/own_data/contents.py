"""The contents of what a person uploaded; the floor that keeps files says how they are packed."""

from __future__ import annotations

from collections.abc import Callable
from zipfile import ZipFile

from ..models import Person

#: Where they lie in the archive.
FOLDER = "files/"

Packer = Callable[[ZipFile, Person], None]
_packers: list[Packer] = []


def register(packer: Packer) -> None:
    """Say how contents are packed. Registering again replaces it."""
    _packers[:] = [packer]


def pack(archive: ZipFile, person: Person) -> None:
    for packer in _packers:
        packer(archive, person)
