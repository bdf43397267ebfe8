"""Which prices hold for whom on a day, and what an agreement takes off them."""

from __future__ import annotations

from datetime import date

from babel.numbers import get_territory_currencies
from sqlalchemy import Row, bindparam, or_, select

from ..access.agreements.models import AgreementDiscount
from ..catalogue.models import Instrument
from ..foundation.database import db
from ..foundation.reading import read_columns
from .models import RateCard
from .rules import PayerCategory, Prices


def rate_card_on(
    instrument: Instrument, category: PayerCategory, day: date
) -> Row[str, int, int, int] | None:
    """What the rate card says that holds: the instrument's own before its facility's, of each the newest.

    Its currency, and the prices of an hour of the instrument, of an hour of an operator and of a sample.
    """
    given = {"facility": instrument.facility_id, "instrument": instrument.id}
    return read_columns(_CARD, given | {"category": category, "day": day}).first()


_CARD = (
    select(
        RateCard.currency,
        RateCard.instrument_hour_minor,
        RateCard.operator_hour_minor,
        RateCard.sample_minor,
    )
    .where(
        RateCard.facility_id == bindparam("facility"),
        or_(RateCard.instrument_id == bindparam("instrument"), RateCard.instrument_id.is_(None)),
        RateCard.payer_category == bindparam("category"),
        RateCard.valid_from <= bindparam("day"),
        or_(RateCard.valid_until.is_(None), RateCard.valid_until >= bindparam("day")),
    )
    .order_by(RateCard.instrument_id.is_(None), RateCard.valid_from.desc())
    .limit(1)
)


def prices_on(instrument: Instrument, category: PayerCategory, day: date) -> Prices:
    """The prices for a payer category; where no rate card says any, the use is free of charge."""
    card = rate_card_on(instrument, category, day)
    if card is None:
        return Prices(_currency_of(instrument.facility.host.country))
    return Prices(
        card.currency, card.instrument_hour_minor, card.operator_hour_minor, card.sample_minor
    )


def discount_of(agreement_id: int | None, mode: str) -> int:
    """The percent that an agreement takes off for an access mode; 100 is a waiver."""
    if agreement_id is None:
        return 0
    found = db.session.scalar(
        select(AgreementDiscount.percent).where(
            AgreementDiscount.agreement_id == agreement_id, AgreementDiscount.mode == mode
        )
    )
    return found or 0


def _currency_of(country: str) -> str:
    """The currency in use in a country (CLDR), for lines whose amount is nil."""
    return next(iter(get_territory_currencies(country)), "USD")
