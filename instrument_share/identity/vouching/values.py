"""What a list of people says, and what is to become of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...foundation.errors import Text
from ..invitations.rules import Guest


class Deed(StrEnum):
    """What becomes of somebody on a list."""

    VOUCH = "vouch"
    INVITE = "invite"
    NONE = "none"  # vouched for or invited already
    SUSPENDED = "suspended"  # left as it is


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody in a row of the list; rows are counted as spreadsheet programs do, the header being 1."""

    row: int
    guest: Guest


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell. Without a column it is the row, with row 0 the whole list."""

    row: int
    column: str
    message: Text


@dataclass(frozen=True, slots=True)
class Reading:
    """A list as it was read. With faults in it, nothing is done with any of its lines."""

    lines: Sequence[Line] = ()
    faults: Sequence[Fault] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to become of one line."""

    line: Line
    deed: Deed
