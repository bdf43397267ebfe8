"""A table as a value, written by `comma_separated` and `workbook`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | Decimal | date | datetime | None
#: What a spreadsheet program would take for a formula or a command (OWASP, CSV injection).
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True)
class Sheet:
    """A named table: one header, rows of the same width, and a last row of totals where there is one."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] | None = None

    @property
    def body(self) -> list[Sequence[Cell]]:
        """The rows and the totals below them."""
        return [*self.rows, *([self.total] if self.total else [])]


def harmless(text: str) -> str:
    """Text that no spreadsheet program runs: what looks like a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text
