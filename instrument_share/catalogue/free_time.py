"""When an instrument is first free: known to the booking floor, asked by the search.

Booking registers its answer when it is connected: `free_time.register(first_free_of)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from ..foundation.interval import Interval
from ..identity.models import Person

#: (instrument ids, window, minutes, for whom) -> start of the first free stretch of that length, by id; ids
#: without one are left out.
FirstFree = Callable[[Sequence[int], Interval, int, Person | None], dict[int, datetime]]

_providers: list[FirstFree] = []


def register(provider: FirstFree) -> None:
    """Say who knows; the last one to register is asked."""
    _providers[:] = [provider]


def first_free(
    instrument_ids: Sequence[int], window: Interval, minutes: int, whom: Person | None
) -> dict[int, datetime]:
    """The UTC instant at which `minutes` can first be booked by `whom` within the window, for each instrument
    that has one.
    """
    if not instrument_ids or not _providers:
        return {}
    return _providers[0](instrument_ids, window, minutes, whom)
