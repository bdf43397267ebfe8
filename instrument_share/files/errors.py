"""What is told of a file that is not taken."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

from ..foundation.errors import InvalidInput
from .rules import LARGEST_FILE, MOST_IN_A_DAY, Fault

_KINDS = "PDF, PNG, JPEG, WebP, TXT, CSV, DOCX, XLSX, ODT, ODS"
ADVICE: Mapping[Fault, LazyString] = {
    Fault.EMPTY: lazy_gettext("This file is empty. Choose another one."),
    Fault.TOO_LARGE: lazy_gettext(
        "This file is too large. Send at most %(most)s MB.", most=LARGEST_FILE // 1024**2
    ),
    Fault.MUCH: lazy_gettext(
        "You have sent %(most)s MB since yesterday. Send the rest tomorrow.",
        most=MOST_IN_A_DAY // 1024**2,
    ),
    Fault.NAME: lazy_gettext(
        "The file's name has an ending of a program inside. Rename it and send it again."
    ),
    Fault.KIND: lazy_gettext(
        "Files of this kind are not taken. Send one of: %(kinds)s.", kinds=_KINDS
    ),
    Fault.MISMATCH: lazy_gettext(
        "The file's content is not what its name says. Save it anew as one of: %(kinds)s.",
        kinds=_KINDS,
    ),
    Fault.ARCHIVE: lazy_gettext(
        "This document is packed too tightly, encrypted, or holds macros or archives. Save it as PDF and send that."
    ),
}


class UnacceptableFile(InvalidInput):
    """A file that is not taken; `code` is `file_` and the fault, `fields` names the field it came in."""

    def __init__(self, fault: Fault, *, field: str, name: str) -> None:
        super().__init__(fields={field: ADVICE[fault]}, file=name)
        self.fault = fault
        self.code = f"file_{fault}"
