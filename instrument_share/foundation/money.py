"""Money as integer minor units of an ISO 4217 currency. Never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import get_currency_precision


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's minor unit (`Money(12345, "CNY")` is 123.45 yuan)."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in the major unit, with exactly the currency's digits."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def _same_currency(self, other: Money) -> None:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add")


def rounded(exact: Decimal) -> int:
    """Half-even rounding of an exact amount in minor units, done once per charge line."""
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
