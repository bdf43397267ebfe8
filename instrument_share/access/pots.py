"""What is left of allocations and shares: known to the accounting floor, shown on the pages of this one.

Accounting registers its answers when it is connected: `pots.register(allocations=…, shares=…)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..foundation.above import Above


@dataclass(frozen=True, slots=True)
class PotUse:
    """Minutes of a pot: granted, reserved for what is to come, and used."""

    granted: int = 0
    reserved: int = 0
    used: int = 0

    @property
    def left(self) -> int:
        return self.granted - self.reserved - self.used


AllocationsUse = Callable[[Iterable[int]], dict[int, PotUse]]
SharesUse = Callable[[Iterable[int], int], dict[int, PotUse]]

_allocations: Above[AllocationsUse] = Above(lambda _ids: {})
_shares: Above[SharesUse] = Above(lambda _ids, _year: {})


def register(*, allocations: AllocationsUse, shares: SharesUse) -> None:
    """Say who knows."""
    _allocations.register(allocations)
    _shares.register(shares)


def use_of_allocations(ids: Iterable[int]) -> dict[int, PotUse]:
    """The use of each allocation of a project, over the whole of its period."""
    wanted = list(ids)
    found = _allocations.ask(wanted) if wanted else {}
    return {key: found.get(key, PotUse()) for key in wanted}


def use_of_shares(ids: Iterable[int], year: int) -> dict[int, PotUse]:
    """The use of each share of a co-built facility in a calendar year (UTC)."""
    wanted = list(ids)
    found = _shares.ask(wanted, year) if wanted else {}
    return {key: found.get(key, PotUse()) for key in wanted}
