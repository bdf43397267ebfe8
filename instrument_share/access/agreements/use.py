"""How an agreement's quota is used: known to the accounting floor, shown on the agreement's page.

Accounting registers its answer when it is connected: `use.register(use_of)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ...foundation.above import Above
from .models import Agreement


@dataclass(frozen=True, slots=True)
class Use:
    """Minutes of a calendar year: reserved for what is to come, and used."""

    reserved: int = 0
    used: int = 0

    @property
    def taken(self) -> int:
        return self.reserved + self.used


@dataclass(frozen=True, slots=True)
class UseOfYear:
    """The quota of one agreement in a calendar year (UTC): in all, by partner (id) and month (1 to 12)."""

    granted: int = 0
    carried: int = 0
    total: Use = Use()
    partners: dict[int, Use] = field(default_factory=dict)
    months: dict[int, Use] = field(default_factory=dict)

    @property
    def available(self) -> int:
        """What could be taken in that year: granted, and carried over from the year before."""
        return self.granted + self.carried

    @property
    def left(self) -> int:
        return self.available - self.total.taken


#: (agreement, calendar year) -> how its quota of that year is used.
UseOf = Callable[[Agreement, int], UseOfYear]

_known: Above[UseOf] = Above(lambda _agreement, _year: UseOfYear())
register = _known.register


def use_of(agreement: Agreement, year: int) -> UseOfYear:
    """What was granted, reserved and used of an agreement in a calendar year."""
    return _known.ask(agreement, year)
