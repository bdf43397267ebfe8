"""Workbooks (Office Open XML): text stays text, numbers are numbers, nothing is a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .sheet import Cell, Sheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 60
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def written(sheets: Sequence[Sheet], *, right_to_left: bool = False) -> bytes:
    """One worksheet for each sheet, its header frozen; local times keep the clock they come with."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#DCEBEE", "text_wrap": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "whole": book.add_format({"num_format": "#,##0"}),
        "total": book.add_format({"bold": True, "top": 1}),
    }
    taken: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_name(sheet.name, taken))
        if right_to_left:
            page.right_to_left()
        _fill(page, sheet, formats)
    book.close()
    return target.getvalue()


def _fill(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    for column, label in enumerate(sheet.header):
        page.write_string(0, column, label, formats["head"])
        cells = [_length(row[column]) for row in sheet.body]
        page.set_column(column, column, min(_WIDEST, max([len(label), *cells]) + 3))
    page.freeze_panes(1, 0)
    for number, row in enumerate(sheet.body, 1):
        last = sheet.total is not None and number == len(sheet.body)
        for column, cell in enumerate(row):
            _write(page, number, column, cell, formats, bold=last)


def _write(
    page: Any, row: int, column: int, cell: Cell, formats: dict[str, Any], *, bold: bool
) -> None:
    style = formats["total"] if bold else None
    match cell:
        case None:
            page.write_blank(row, column, None, style)
        case str():
            page.write_string(row, column, str(cell), style)
        case datetime():
            page.write_datetime(row, column, cell.replace(tzinfo=None), style or formats["moment"])
        case date():
            page.write_datetime(row, column, cell, style or formats["day"])
        case Decimal():
            page.write_number(row, column, float(cell), style or formats["money"])
        case _:
            page.write_number(row, column, cell, style or formats["whole"])


def _length(cell: Cell) -> int:
    return 16 if isinstance(cell, datetime) else max(map(len, str(cell or "").split("\n")))


def _name(wanted: str, taken: set[str]) -> str:
    """A worksheet name as Excel takes it: at most 31 characters, none of []:*?/\\, each once."""
    name = wanted.translate(_FORBIDDEN).strip("' ")[:31] or "1"
    while name.lower() in taken:
        name = f"{name[:27]} {len(taken) + 1}"
    taken.add(name.lower())
    return name
