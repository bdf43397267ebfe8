"""How many minutes of an agreement's yearly quota are left: known to the accounting floor, asked by
access and booking.

Accounting registers its answer when it is connected: `quota_left.register(minutes_left_of)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

#: (agreement ids, calendar year) -> minutes left by id; an agreement without any grant in that year
#: is left out.
MinutesLeft = Callable[[Sequence[int], int], dict[int, int]]

_providers: list[MinutesLeft] = []


def register(provider: MinutesLeft) -> None:
    """Say who knows; the last one to register is asked."""
    _providers[:] = [provider]


def minutes_left(agreement_ids: Sequence[int], year: int) -> dict[int, int]:
    """Minutes that can still be reserved in a calendar year (UTC), for each agreement that has a
    quota in it.
    """
    if not agreement_ids or not _providers:
        return {}
    return _providers[0](agreement_ids, year)
