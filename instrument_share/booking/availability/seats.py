"""What is taken, as it looks to somebody who wants a certain position, or all of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...foundation.interval import Interval, union
from ..rules import Seat

Taken = Mapping[int, Sequence[Interval]]


def seen_from(seat: Seat, taken: Taken, positions: int) -> tuple[Taken, int]:
    """What is taken by position, and how many positions there are to choose from, for somebody who wants `seat`.

    Whoever wants all of them sees one position on which everything takes place.
    """
    if seat.whole:
        return {1: union(slot for slots in taken.values() for slot in slots)}, 1
    if seat.position is not None:
        return {1: taken.get(seat.position, ())}, 1
    return taken, positions
