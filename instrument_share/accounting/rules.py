"""Who pays which price, what a use costs, and what is left of a quota. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ..foundation.money import rounded

MINUTES_PER_HOUR = 60


class PayerCategory(StrEnum):
    """For whom a price holds; rate cards name one of these."""

    HOST_INTERNAL = "host_internal"
    DOMESTIC_ACADEMIC = "domestic_academic"
    PARTNER_INSTITUTION = "partner_institution"
    INDUSTRY = "industry"


class Unit(StrEnum):
    """What a charge line counts. The two kinds of hours are counted in minutes."""

    INSTRUMENT_HOUR = "instrument_hour"
    OPERATOR_HOUR = "operator_hour"
    SAMPLE = "sample"

    @property
    def is_time(self) -> bool:
        return self is not Unit.SAMPLE

    @property
    def parts(self) -> int:
        """Into how many counted pieces the unit of the rate divides: 60 minutes an hour."""
        return MINUTES_PER_HOUR if self.is_time else 1


class Account(StrEnum):
    """The accounts of the minutes ledger; `granted` is the source and goes below zero.

    `carried` is what one year handed on to the next: over all years of an agreement it is zero.
    """

    GRANTED = "granted"
    CARRIED = "carried"
    AVAILABLE = "available"
    RESERVED = "reserved"
    CONSUMED = "consumed"


class EntryKind(StrEnum):
    """Why minutes moved."""

    GRANT = "grant"
    RESERVE = "reserve"
    RELEASE = "release"
    CONSUME = "consume"
    CORRECT = "correct"
    CARRY_OUT = "carry_out"
    CARRY_IN = "carry_in"


#: Which account each kind of entry takes minutes from and which it puts them into.
TRANSFERS: dict[EntryKind, tuple[Account, Account]] = {
    EntryKind.GRANT: (Account.GRANTED, Account.AVAILABLE),
    EntryKind.RESERVE: (Account.AVAILABLE, Account.RESERVED),
    EntryKind.RELEASE: (Account.RESERVED, Account.AVAILABLE),
    EntryKind.CONSUME: (Account.AVAILABLE, Account.CONSUMED),
    EntryKind.CORRECT: (Account.AVAILABLE, Account.GRANTED),
    EntryKind.CARRY_OUT: (Account.AVAILABLE, Account.CARRIED),
    EntryKind.CARRY_IN: (Account.CARRIED, Account.AVAILABLE),
}


@dataclass(frozen=True, slots=True)
class Party:
    """An institution as prices see it."""

    id: int
    country: str


@dataclass(frozen=True, slots=True)
class Prices:
    """A rate card's prices in minor units of its currency: per hour, per hour and per piece."""

    currency: str
    instrument_hour_minor: int = 0
    operator_hour_minor: int = 0
    sample_minor: int = 0


@dataclass(frozen=True, slots=True)
class Quantities:
    """What was used: whole minutes and pieces, none below zero."""

    minutes: int
    operator_minutes: int = 0
    samples: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A charge line: `quantity` at `rate_minor` per unit makes `gross_minor`; less the discount, `amount_minor`."""

    unit: Unit
    quantity: int
    rate_minor: int
    gross_minor: int
    discount_percent: int
    amount_minor: int

    @property
    def discount_minor(self) -> int:
        return self.gross_minor - self.amount_minor


@dataclass(frozen=True, slots=True)
class Quota:
    """Minutes of one pot (an agreement's calendar year, a project's allocation, a share's year): sums of the ledger.

    `carried` came from the year before, or went to the year after where it is below zero. `left` falls below zero only
    where a use ran longer than what was reserved for it: what happened is always recorded, while a reservation beyond
    the quota is refused.
    """

    granted: int = 0
    reserved: int = 0
    used: int = 0
    carried: int = 0

    @property
    def left(self) -> int:
        return self.granted + self.carried - self.reserved - self.used


def payer_category(payer: Party | None, host: Party) -> PayerCategory:
    """The category in which an institution pays a host's prices.

    The host itself pays as `host_internal`, institutions of its country as `domestic_academic`, those of
    other countries as `partner_institution`; somebody without an institution of the programme pays the full
    price, as `industry`.
    """
    if payer is None:
        return PayerCategory.INDUSTRY
    if payer.id == host.id:
        return PayerCategory.HOST_INTERNAL
    same_country = payer.country == host.country
    return PayerCategory.DOMESTIC_ACADEMIC if same_country else PayerCategory.PARTNER_INSTITUTION


def charge_lines(used: Quantities, prices: Prices, discount_percent: int = 0) -> list[Line]:
    """The lines that a use costs: instrument time always, operator time and samples where there were any."""
    lines = [
        _line(Unit.INSTRUMENT_HOUR, used.minutes, prices.instrument_hour_minor, discount_percent)
    ]
    if used.operator_minutes:
        lines.append(
            _line(
                Unit.OPERATOR_HOUR,
                used.operator_minutes,
                prices.operator_hour_minor,
                discount_percent,
            )
        )
    if used.samples:
        lines.append(_line(Unit.SAMPLE, used.samples, prices.sample_minor, discount_percent))
    return lines


def _line(unit: Unit, quantity: int, rate_minor: int, discount_percent: int) -> Line:
    """List price and amount are each the exact product, rounded half-even once; the discount is what is between."""
    exact = Decimal(quantity) * rate_minor / unit.parts
    payable = Decimal(quantity) * rate_minor * (100 - discount_percent) / (unit.parts * 100)
    return Line(unit, quantity, rate_minor, rounded(exact), discount_percent, rounded(payable))


def line_holds(line: Line) -> bool:
    """Whether a line's sums are those that its quantity, rate and discount make."""
    return line == _line(line.unit, line.quantity, line.rate_minor, line.discount_percent)
