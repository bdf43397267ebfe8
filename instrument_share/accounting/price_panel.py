"""What an instrument costs its reader: the panel on the instrument's page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..access.agreements.usable import discounts_open_to
from ..catalogue.models import Instrument
from ..foundation.clock import zone
from ..identity.models import Person
from .charge_text import CATEGORIES, UNITS
from .prices import rate_card_on
from .rules import Party, PayerCategory, Unit, payer_category


def prices_shown(instrument: Instrument, person: Person | None, at: datetime) -> Mapping[str, Any]:
    """The prices in the reader's payer category; a visitor is shown those of partner institutions."""
    category = _category(instrument, person)
    day = at.astimezone(zone(instrument.time_zone)).date()
    card = rate_card_on(instrument, category, day)
    prices = (
        []
        if card is None
        else [
            (Unit.INSTRUMENT_HOUR, card.instrument_hour_minor),
            (Unit.OPERATOR_HOUR, card.operator_hour_minor),
            (Unit.SAMPLE, card.sample_minor),
        ]
    )
    return {
        "category": CATEGORIES[category],
        "is_own": person is not None,
        "currency": card.currency if card else None,
        "rows": [
            {"label": UNITS[unit], "minor": minor, "is_time": unit.is_time}
            for unit, minor in prices
            if minor or unit is Unit.INSTRUMENT_HOUR
        ],
        "discounts": _discounts(instrument, person, at),
    }


def _category(instrument: Instrument, person: Person | None) -> PayerCategory:
    if person is None:
        return PayerCategory.PARTNER_INSTITUTION
    host, payer = instrument.facility.host, person.institution
    return payer_category(
        Party(payer.id, payer.country) if payer else None, Party(host.id, host.country)
    )


def _discounts(instrument: Instrument, person: Person | None, at: datetime) -> list[dict[str, Any]]:
    """What the reader's agreements take off, mode by mode."""
    if person is None:
        return []
    return [
        {"agreement": reference, "mode": mode, "percent": percent}
        for reference, mode, percent in discounts_open_to(person, instrument, at.date())
    ]
