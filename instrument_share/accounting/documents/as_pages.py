"""A statement as PDF, set by Typst in the reader's language."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext

from ...catalogue.labels import MODES
from ...foundation.documents import typeset
from ...foundation.http import show
from ...foundation.interval import Interval
from ...foundation.languages import DEFAULT, language_of
from ..charge_text import description_of
from ..models import Statement
from .facts import facts_of
from .snapshot_reader import BilledLine, billed_lines

_TEMPLATE = Path(__file__).with_name("statement.typ")


def pages(statement: Statement) -> bytes:
    """The statement's PDF; every line says how its amount comes about."""
    language = language_of(show.language_tag()) or DEFAULT
    return typeset.written(_TEMPLATE, content_of(statement), language)


def content_of(statement: Statement) -> dict[str, Any]:
    """Every text of the PDF, already in the reader's language."""
    totals, currency = statement.snapshot["totals"], statement.currency
    return {
        "title": gettext("Statement %(number)s", number=statement.number),
        "lead": gettext("Use of research instruments"),
        "facts": facts_of(statement),
        "columns": [gettext("Booking and instrument"), gettext("Charge"), gettext("Amount")],
        "lines": [_line(line) for line in billed_lines(statement)],
        "total": [gettext("Amount due"), show.money(totals["amount_minor"], currency)],
        "notes": [
            gettext("Each amount is rounded once, half to even, to the currency's smallest unit."),
            gettext("A statement never changes after it is issued. Its fingerprint (SHA-256):"),
        ],
        "digest": statement.digest,
        "page": gettext("Page"),
        "date": datetime.fromisoformat(statement.snapshot["issued_at"]).date().isoformat(),
    }


def _line(line: BilledLine) -> dict[str, str]:
    return {
        "booking": line.booking,
        "instrument": show.localized(line.instrument_names),
        "when": _when(line.used, line.time_zone),
        "mode": str(MODES[line.access_mode]),
        "description": description_of(line.charged),
        "amount": show.money(line.charged.amount_minor, line.charged.currency),
    }


def _when(used: Interval, zone: str) -> str:
    """When it was used, on the instrument's clock."""
    return show.period(used, zone).on_instrument_clock
