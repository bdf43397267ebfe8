"""A statement as a workbook in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from ...catalogue.labels import MODES
from ...foundation.clock import zone
from ...foundation.documents import workbook
from ...foundation.documents.sheet import Cell, Sheet
from ...foundation.http import show
from ...foundation.languages import language_of
from ...foundation.money import decimal_of
from ..charge_text import UNITS, description_of
from ..models import Statement
from .facts import facts_of
from .snapshot_reader import BilledLine, billed_lines


def written_workbook(statement: Statement) -> bytes:
    """Two worksheets: the lines with their sums, and what the statement is about."""
    language = language_of(show.language_tag())
    return workbook.written(
        [_lines(statement), _about(statement)],
        right_to_left=language is not None and language.direction == "rtl",
    )


def _about(statement: Statement) -> Sheet:
    return Sheet(gettext("Statement"), (statement.number, ""), facts_of(statement))


def _lines(statement: Statement) -> Sheet:
    totals, currency = statement.snapshot["totals"], statement.currency
    header = (
        gettext("Booking"), gettext("Instrument"), gettext("Access mode"),
        gettext("Start (instrument's time)"), gettext("End (instrument's time)"), gettext("What"),
        gettext("Minutes"), gettext("Pieces"),
        gettext("Rate (%(currency)s)", currency=currency),
        gettext("List price (%(currency)s)", currency=currency),
        gettext("Discount (%(currency)s)", currency=currency),
        gettext("Amount (%(currency)s)", currency=currency),
        gettext("Agreement"), gettext("How it is computed"),
    )  # fmt: skip
    sums = (
        decimal_of(totals[name], currency)
        for name in ("gross_minor", "discount_minor", "amount_minor")
    )
    total: tuple[Cell, ...] = (gettext("Total"), *[None] * 8, *sums, None, None)
    return Sheet(
        gettext("Charges"), header, [_row(line) for line in billed_lines(statement)], total
    )


def _row(line: BilledLine) -> tuple[Cell, ...]:
    it, local = line.charged, zone(line.time_zone)
    rate, gross, discount, amount = (
        decimal_of(minor, it.currency)
        for minor in (it.rate_minor, it.gross_minor, it.discount_minor, it.amount_minor)
    )
    return (
        line.booking, show.localized(line.instrument_names), str(MODES[line.access_mode]),
        line.used.start.astimezone(local), line.used.end.astimezone(local), str(UNITS[it.unit]),
        it.quantity if it.unit.is_time else None, None if it.unit.is_time else it.quantity,
        rate, gross, discount, amount, it.agreement, description_of(it),
    )  # fmt: skip
