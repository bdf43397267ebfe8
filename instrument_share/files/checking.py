"""Looks into a file that came in, as far as the rules need; it is never unpacked and never read into memory at once."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .rules import (
    LARGEST_CONTENTS,
    MOST_ENTRIES,
    SIGNATURE,
    TEXTS,
    Entry,
    Fault,
    ending_of,
    fault_of_contents,
    fault_of_name,
    fault_of_signature,
    fault_of_text,
)

_CHUNK = 64 * 1024
#: The record at a ZIP file's end (APPNOTE 4.3.16): its mark, and the table's number of entries and size in bytes.
_END, _END_MARK = struct.Struct("<4s4x2xHI"), b"PK\x05\x06"
#: What stands 20 bytes before it where the table is larger than the record can say (APPNOTE 4.3.15).
_LONG_MARK = b"PK\x06\x07"
_END_LATEST = 22 + 0xFFFF


def fault_in(file: Path, name: str) -> Fault | None:
    """Why the content of `file`, called `name`, is not taken; None where it is."""
    ending = ending_of(name)
    if fault := fault_of_name(name):
        return fault
    with file.open("rb") as content:
        fault = fault_of_signature(ending, content.read(SIGNATURE))
        if fault:
            return fault
        content.seek(0)
        if ending in TEXTS:
            return _fault_in_text(content)
        return _fault_in_container(content, ending) if _is_container(content) else None


def _fault_in_text(content: IO[bytes]) -> Fault | None:
    is_first = True
    for part in _parts(content):
        if fault := fault_of_text(part, is_first=is_first):
            return fault
        is_first = False
    return None


def _parts(content: IO[bytes]) -> Iterator[bytes]:
    while part := content.read(_CHUNK):
        yield part


def _is_container(content: IO[bytes]) -> bool:
    begins_so = content.read(4) == b"PK\x03\x04"
    content.seek(0)
    return begins_so


def _fault_in_container(content: IO[bytes], ending: str) -> Fault | None:
    """The table's size is looked at before it is read: a hostile one would fill the memory by itself."""
    size = content.seek(0, 2)
    content.seek(max(0, size - _END_LATEST))
    if not _has_small_table(content.read()):
        return Fault.ARCHIVE
    try:
        with zipfile.ZipFile(content) as container:
            entries = [_entry_of(info) for info in container.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return Fault.ARCHIVE
    return fault_of_contents(ending, entries, size)


def _has_small_table(tail: bytes) -> bool:
    place = tail.rfind(_END_MARK)
    if place < 0 or len(tail) - place < 22 or tail[max(0, place - 20) :].startswith(_LONG_MARK):
        return False
    _, entries, size = _END.unpack_from(tail, place)
    return entries <= MOST_ENTRIES and size <= LARGEST_CONTENTS


def _entry_of(info: zipfile.ZipInfo) -> Entry:
    return Entry(info.filename, info.compress_size, info.file_size, bool(info.flag_bits & 0x1))
