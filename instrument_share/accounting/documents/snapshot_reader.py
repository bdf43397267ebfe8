"""Typed access to what a statement's snapshot holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...foundation.interval import Interval
from ..charge_text import Charged
from ..models import Statement
from ..rules import Unit


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line as it was billed: what it charges, for which booking, where and when."""

    charged: Charged
    booking: str
    instrument: str
    instrument_names: Mapping[str, str]
    access_mode: str
    payer_category: str
    used: Interval
    time_zone: str


def billed_lines(statement: Statement) -> list[BilledLine]:
    """The lines of a statement in the order in which it lists them."""
    currency = statement.snapshot["currency"]
    return [_billed(line, currency) for line in statement.snapshot["lines"]]


def _billed(line: Mapping[str, Any], currency: str) -> BilledLine:
    return BilledLine(
        Charged(
            unit=Unit(line["unit"]),
            quantity=line["quantity"],
            rate_minor=line["rate_minor"],
            currency=currency,
            gross_minor=line["gross_minor"],
            discount_percent=line["discount_percent"],
            discount_minor=line["discount_minor"],
            amount_minor=line["amount_minor"],
            agreement=line["agreement"],
        ),
        booking=line["booking"],
        instrument=line["instrument"],
        instrument_names=line["instrument_names"],
        access_mode=line["access_mode"],
        payer_category=line["payer_category"],
        used=Interval(*(datetime.fromisoformat(line[end]) for end in ("started_at", "ended_at"))),
        time_zone=line["time_zone"],
    )
