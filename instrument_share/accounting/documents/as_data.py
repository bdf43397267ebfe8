"""A statement for programs: fixed English column names, times in UTC, amounts as decimals."""

from __future__ import annotations

from ...foundation.documents.sheet import Cell, Sheet
from ...foundation.http import show
from ...foundation.money import decimal_of
from ..charge_text import description_of
from ..models import Statement
from .snapshot_reader import BilledLine, billed_lines

COLUMNS = (
    "statement", "payer", "host", "booking", "instrument", "instrument_name", "access_mode",
    "started_at", "ended_at", "unit", "minutes", "pieces", "rate", "gross", "discount_percent",
    "discount", "amount", "currency", "agreement", "description",
)  # fmt: skip


def data_sheet(statement: Statement) -> Sheet:
    """One row a line; `minutes` for lines that count time, `pieces` for the others."""
    payer, host = (statement.snapshot[side]["slug"] for side in ("payer", "host"))
    head = (statement.number, payer, host)
    rows = [(*head, *_row(line)) for line in billed_lines(statement)]
    return Sheet(statement.number, COLUMNS, rows)


def _row(line: BilledLine) -> tuple[Cell, ...]:
    it = line.charged
    rate, gross, discount, amount = (
        decimal_of(minor, it.currency)
        for minor in (it.rate_minor, it.gross_minor, it.discount_minor, it.amount_minor)
    )
    return (
        line.booking, line.instrument, show.localized(line.instrument_names), line.access_mode,
        line.used.start, line.used.end, str(it.unit),
        it.quantity if it.unit.is_time else None, None if it.unit.is_time else it.quantity,
        rate, gross, it.discount_percent, discount, amount, it.currency, it.agreement,
        description_of(it),
    )  # fmt: skip
