"""What a booking costs: known to the accounting floor, shown with the booking.

Accounting registers its answer when it is connected: `charges.register(charge_lines_of)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..foundation.above import Above

#: booking ids -> their charge lines as JSON objects (description, quantity, unit, rate, amount, currency).
ChargeLines = Callable[[Sequence[int]], dict[int, list[dict[str, Any]]]]

_known: Above[ChargeLines] = Above(lambda _booking_ids: {})
register = _known.register


def charges_of(booking_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The charge lines of each booking that has any, in one query."""
    return _known.ask(booking_ids) if booking_ids else {}
