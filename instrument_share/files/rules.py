"""Which files are taken, as pure functions over names, first bytes and tables of contents.

The list is short on purpose: what a reader's program would run (HTML, SVG, scripts, macros) is not on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

#: The largest file, and the largest request that carries files (RFC 9110: 413 beyond it), in bytes.
LARGEST_FILE = 20 * 1024 * 1024
LARGEST_REQUEST = LARGEST_FILE + 1024 * 1024
#: What one person may hand in within a day, in bytes: nobody fills the disk by themselves.
MOST_IN_A_DAY = 15 * LARGEST_FILE
#: So many bytes tell a kind by its signature.
SIGNATURE = 64
LONGEST_NAME = 120


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NAME = "name"  # a second ending that a program would run
    KIND = "kind"  # content of a kind that is not taken
    MISMATCH = "mismatch"  # the ending does not say what the content is
    MUCH = "much"  # more than one person hands in within a day
    ARCHIVE = "archive"  # a container that unpacks to too much, or to what it must not hold


#: Endings that are taken, and the media type by which each is given back.
MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "pdf": "application/pdf",
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "webp": "image/webp",
        "txt": "text/plain",
        "csv": "text/csv",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "odt": "application/vnd.oasis.opendocument.text",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
    }
)

TEXTS = frozenset({"txt", "csv"})
_PACKED = frozenset({"docx", "xlsx", "odt", "ods"})
_RUN = re.compile(
    "app|bat|bin|chm|cmd|com|cpl|dll|exe|hta|html?|jar|jse?|lnk|mht|msi|php|phtml|pl|ps1|py|reg|scr|shtml|sh|svg|"
    "vb[es]|wsf|xhtml|xml"
)
_ARCHIVES = (
    *(".zip", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar"),
    *(".tar", ".tgz", ".jar", ".docm", ".xlsm"),
)

_UNSEEN = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_MARKUP = re.compile(rb"<\s*(!doctype|html|svg|script|\?xml|\?php|iframe|body)", re.IGNORECASE)


def clean_name(given: str) -> str:
    """The last part of a name, without path, control characters and marks that turn the direction of writing.

    Letters of every script stay, and so do the joiners that Persian and Hindi write with.
    """
    text = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    text = _UNSEEN.sub("", "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs")))
    text = re.sub(r'[<>:"|?*;\s]+', " ", text).strip(" .")
    stem, dot, ending = text.rpartition(".")
    if not dot:
        return text[:LONGEST_NAME] or "file"
    kept = stem.strip()[: LONGEST_NAME - len(ending) - 1].rstrip(" .")
    return f"{kept or 'file'}.{ending}"[:LONGEST_NAME]


def ending_of(name: str) -> str:
    """What stands behind the last dot, in lower case; empty where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def fault_of_name(name: str) -> Fault | None:
    """`script.js.pdf` only pretends: an ending before the last one must be none that is run."""
    if ending_of(name) not in MEDIA_TYPES:
        return Fault.KIND
    earlier = (part.strip().lower() for part in name.split(".")[1:-1])
    return Fault.NAME if any(map(_RUN.fullmatch, earlier)) else None


def fault_of_signature(ending: str, head: bytes) -> Fault | None:
    """Whether a content that begins with `head` is what its ending says."""
    endings = _endings_for(head)
    return None if ending in (endings or TEXTS) else Fault.MISMATCH


def _endings_for(head: bytes) -> frozenset[str]:
    """The endings under which a content with this signature may come; none where it has no signature."""
    if head.startswith(b"%PDF-"):
        return frozenset({"pdf"})
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return frozenset({"png"})
    if head.startswith(b"\xff\xd8\xff"):
        return frozenset({"jpg", "jpeg"})
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return frozenset({"webp"})
    return _PACKED if head.startswith(b"PK\x03\x04") else frozenset()


def fault_of_text(part: bytes, *, is_first: bool) -> Fault | None:
    """Plain text holds no control characters, and begins with no markup and no interpreter line."""
    if _CONTROL.search(part):
        return Fault.KIND
    if not is_first:
        return None
    begin = part.removeprefix(b"\xef\xbb\xbf").lstrip()[:2048]
    return Fault.KIND if begin.startswith(b"#!") or _MARKUP.search(begin) else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a container's table of contents; sizes in bytes."""

    name: str
    packed: int
    unpacked: int
    is_encrypted: bool = False


#: What an office document may unpack to at most: measured on large real ones, with room above them.
MOST_ENTRIES = 3000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 100
#: Small tables of zeros are packed tighter than any bomb; they do no harm below this.
HARMLESS = 1024 * 1024
#: The table of contents itself, in bytes.
LARGEST_CONTENTS = 1024 * 1024


def fault_of_contents(ending: str, entries: Sequence[Entry], size: int) -> Fault | None:
    """Whether a container of `size` bytes may be kept: no bomb, no macro, nothing packed inside, the kind it says."""
    if len(entries) > MOST_ENTRIES or _is_bomb(entries, size):
        return Fault.ARCHIVE
    if any(_is_refused(entry) for entry in entries):
        return Fault.ARCHIVE
    names = {entry.name for entry in entries}
    if ending in ("odt", "ods"):
        return None if "mimetype" in names and "content.xml" in names else Fault.MISMATCH
    inside = "word/document.xml" if ending == "docx" else "xl/workbook.xml"
    return None if {"[Content_Types].xml", inside} <= names else Fault.MISMATCH


def _is_bomb(entries: Sequence[Entry], size: int) -> bool:
    """Too much in all, too much from too little, or entries that lie upon each other."""
    unpacked = sum(entry.unpacked for entry in entries)
    if unpacked > MOST_UNPACKED or sum(entry.packed for entry in entries) > size:
        return True
    if any(_is_tight(entry.unpacked, entry.packed) for entry in entries):
        return True
    return _is_tight(unpacked, size)


def _is_tight(unpacked: int, packed: int) -> bool:
    return unpacked > HARMLESS and unpacked > MOST_RATIO * max(1, packed)


def _is_refused(entry: Entry) -> bool:
    name = entry.name.replace("\\", "/").lower()
    outside = name.startswith("/") or ".." in name.split("/") or "\x00" in name
    runs = name.rpartition("/")[2] in ("vbaproject.bin", "vbadata.xml") or name.startswith("basic/")
    return entry.is_encrypted or outside or runs or name.endswith(_ARCHIVES)
