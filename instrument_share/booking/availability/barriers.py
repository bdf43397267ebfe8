"""What keeps people from booking an open instrument that is not taken, and what opens it beyond its hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...catalogue.queries import closures_of
from ...foundation.interval import Interval, union
from ...identity.models import Person


@dataclass(slots=True)
class Barriers:
    """`closures` are times at which the instrument cannot be had, `openings` those at which it is open besides."""

    closures: list[Interval] = field(default_factory=list)
    openings: list[Interval] = field(default_factory=list)


def barriers_of(
    instrument_ids: Sequence[int], window: Interval, whom: Person | None
) -> Mapping[int, Barriers]:
    """The barriers that stand before `whom` (None: anybody at all) within the window, in one query for all."""
    found: dict[int, Barriers] = defaultdict(Barriers)
    for row in closures_of(instrument_ids, window):
        barriers = found[row.instrument_id]
        stretches = barriers.closures if row.kind == "closure" else barriers.openings
        stretches.append(Interval(row.starts_at, row.ends_at))
    for barriers in found.values():
        barriers.closures = union(barriers.closures)
    return found
