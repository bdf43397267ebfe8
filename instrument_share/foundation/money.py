"""Money as integer minor units of an ISO 4217 currency (12345 CNY is 123.45 yuan). Never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import get_currency_precision


def decimal_of(minor: int, currency: str) -> Decimal:
    """The amount in the major unit, with exactly the currency's digits."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def decimal_text(minor: int, currency: str) -> str:
    """The same as programs get it: a decimal number in a string, so that none of them rounds it."""
    return str(decimal_of(minor, currency))


def rounded(exact: Decimal) -> int:
    """Half-even rounding of an exact amount in minor units, done once per charge line."""
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
