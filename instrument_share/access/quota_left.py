"""How many minutes of an agreement's yearly quota are left: known to the accounting floor, asked by access and booking.

Accounting registers its answer when it is connected: `quota_left.register(minutes_left_of)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..foundation.above import Above

#: (agreement ids, calendar year) -> minutes left by id; an agreement without any grant in that year
#: is left out.
MinutesLeft = Callable[[Sequence[int], int], dict[int, int]]

_known: Above[MinutesLeft] = Above(lambda _agreement_ids, _year: {})
register = _known.register


def minutes_left(agreement_ids: Sequence[int], year: int) -> dict[int, int]:
    """Minutes that can still be reserved in a calendar year (UTC), for each agreement that has a quota in it."""
    return _known.ask(agreement_ids, year) if agreement_ids else {}
