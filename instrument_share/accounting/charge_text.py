"""Charge lines as people and programs read them: every line says how its amount comes about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext
from sqlalchemy import select

from ..access.agreements.models import Agreement
from ..foundation.database import db
from ..foundation.http import show
from ..foundation.money import decimal_text
from .models import ChargeLine, UsageRecord
from .rules import MINUTES_PER_HOUR, PayerCategory, Unit

CATEGORIES: dict[str, LazyString] = {
    PayerCategory.HOST_INTERNAL: lazy_gettext("Host institution"),
    PayerCategory.DOMESTIC_ACADEMIC: lazy_gettext("Institutions of the host's country"),
    PayerCategory.PARTNER_INSTITUTION: lazy_gettext("Partner institutions"),
    PayerCategory.INDUSTRY: lazy_gettext("Industry and others"),
}
UNITS: dict[str, LazyString] = {
    Unit.INSTRUMENT_HOUR: lazy_gettext("Instrument time"),
    Unit.OPERATOR_HOUR: lazy_gettext("Operator time"),
    Unit.SAMPLE: lazy_gettext("Samples"),
}


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge line with the agreement it was priced under; quantities as in `ChargeLine`."""

    unit: Unit
    quantity: int
    rate_minor: int
    currency: str
    gross_minor: int
    discount_percent: int
    discount_minor: int
    amount_minor: int
    agreement: str | None = None

    @property
    def hours(self) -> Decimal | None:
        """Hours of a line that counts time, to four places; exact where that is enough."""
        if not self.unit.is_time:
            return None
        return (Decimal(self.quantity) / MINUTES_PER_HOUR).quantize(Decimal("0.0001"))


def description_of(line: Charged) -> str:
    """The line in a sentence: quantity x rate, the discount and why, in the reader's language."""
    told = _product(line)
    if line.discount_percent == 100:
        return gettext(
            "%(product)s, waived by the agreement %(agreement)s",
            product=told, agreement=line.agreement or "–",
        )  # fmt: skip
    if line.discount_percent:
        return gettext(
            "%(product)s, less %(percent)s by the agreement %(agreement)s",
            product=told,
            percent=show.percent(line.discount_percent / 100),
            agreement=line.agreement or "–",
        )
    return told


def _product(line: Charged) -> str:
    facts = {
        "what": str(UNITS[line.unit]),
        "quantity": quantity_shown(line),
        "rate": show.money(line.rate_minor, line.currency),
        "gross": show.money(line.gross_minor, line.currency),
    }
    if line.unit.is_time:
        return gettext("%(what)s: %(quantity)s at %(rate)s an hour = %(gross)s", **facts)
    return gettext("%(what)s: %(quantity)s at %(rate)s each = %(gross)s", **facts)


def quantity_shown(line: Charged) -> str:
    """`4 h 30 min`, or the number of pieces."""
    return show.minutes(line.quantity) if line.unit.is_time else show.number(line.quantity)


def as_json(line: Charged) -> dict[str, Any]:
    """A charge line of the JSON API. Money and hours are decimal strings, so that no program rounds them.

    `quantity` counts `unit`s; for time it is hours to four places, and `minutes` is exact.
    """
    hours = line.hours
    return {
        "description": description_of(line),
        "quantity": _plain(hours) if hours is not None else str(line.quantity),
        "minutes": line.quantity if hours is not None else None,
        "unit": str(line.unit),
        "rate": decimal_text(line.rate_minor, line.currency),
        "gross": decimal_text(line.gross_minor, line.currency),
        "discount_percent": line.discount_percent,
        "discount": decimal_text(line.discount_minor, line.currency),
        "amount": decimal_text(line.amount_minor, line.currency),
        "currency": line.currency,
        "agreement": line.agreement,
    }


def charges_of(booking_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The charge lines of each booking that was used, for booking pages and the API; one query."""
    rows = db.session.execute(
        select(UsageRecord.booking_id, ChargeLine, Agreement.reference)
        .join(ChargeLine, ChargeLine.usage_id == UsageRecord.id)
        .outerjoin(Agreement, Agreement.id == ChargeLine.agreement_id)
        .where(UsageRecord.booking_id.in_(booking_ids))
        .order_by(UsageRecord.id, ChargeLine.place)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for booking_id, line, reference in rows:
        found.setdefault(booking_id, []).append(as_json(charged(line, reference)))
    return found


def charged(line: ChargeLine, agreement: str | None) -> Charged:
    return Charged(
        Unit(line.unit), line.quantity, line.rate_minor, line.currency, line.gross_minor,
        line.discount_percent, line.discount_minor, line.amount_minor, agreement,
    )  # fmt: skip


def sums_by_currency(lines: Iterable[Charged]) -> dict[str, int]:
    """What is to be paid, in minor units by currency."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.amount_minor
    return sums


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
