"""Comma-separated text (RFC 4180) that spreadsheet programs open in the right characters and never run."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from .sheet import Cell, Sheet, harmless

MEDIA_TYPE = "text/csv; charset=utf-8"


def written(sheet: Sheet) -> bytes:
    """The sheet as UTF-8 with a byte order mark; times are RFC 3339 in UTC."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # CRLF line ends by default
    writer.writerow(map(harmless, sheet.header))
    writer.writerows([_field(cell) for cell in row] for row in sheet.body)
    return text.getvalue().encode("utf-8-sig")


def _field(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return harmless(str(cell)) if isinstance(cell, str) else str(cell)
