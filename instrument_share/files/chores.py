"""What the worker does with files."""

from __future__ import annotations

from ..foundation.chores import Chore, Shift, in_batches
from .services import forget_contents_without_file, forget_unused


def _sweep(shift: Shift) -> int:
    return forget_contents_without_file(shift.now())


CHORES = (
    Chore("files without use", 3600, in_batches(forget_unused)),
    Chore("contents without file", 3600, _sweep),
)
