"""What somebody says, as typed values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

#: The longest remark in characters, and how many files may come with it.
LONGEST, MOST_FILES = 5000, 5


@dataclass(frozen=True, slots=True)
class Words:
    """A remark before it is said; `is_internal`: only for the offices."""

    text: str
    is_internal: bool = False
    files: Sequence[FileStorage] = ()
