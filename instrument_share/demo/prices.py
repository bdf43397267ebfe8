"""Rate cards of the demonstration: one price an hour for each instrument and payer category."""

from __future__ import annotations

from datetime import date, datetime

from ..accounting.models import RateCard
from ..accounting.rules import PayerCategory
from ..catalogue.models import Instrument
from ..foundation.database import db
from .content import Content

#: Percent of the partner institution's price that others pay.
_PERCENT = {
    PayerCategory.HOST_INTERNAL: 40,
    PayerCategory.DOMESTIC_ACADEMIC: 70,
    PayerCategory.PARTNER_INSTITUTION: 100,
    PayerCategory.INDUSTRY: 250,
}
_OPERATOR_HOUR, _SAMPLE = 20_000, 8_000  # fen


def write_prices(content: Content, instruments: dict[str, Instrument], at: datetime) -> None:
    """The prices are settings of the demonstration, not the universities' own."""
    since = date(at.year - 1, 1, 1)
    for entry in content.instruments:
        instrument, yuan = instruments[entry["slug"]], entry["demo_rules"]["rate_per_hour"]
        db.session.add_all(
            _card(instrument, category, yuan * percent, since)
            for category, percent in _PERCENT.items()
        )
    db.session.flush()


def _card(
    instrument: Instrument, category: PayerCategory, hour_minor: int, since: date
) -> RateCard:
    by_mail = "mail_in" in instrument.access_modes
    return RateCard(
        facility_id=instrument.facility_id,
        instrument_id=instrument.id,
        payer_category=category,
        currency="CNY",
        valid_from=since,
        instrument_hour_minor=hour_minor,
        operator_hour_minor=_OPERATOR_HOUR,
        sample_minor=_SAMPLE if by_mail else 0,
    )
