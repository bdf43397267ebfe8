"""Free and busy time with what blocked time is for: busy with its purpose for others, free for those inside. Closed
time comes with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ...catalogue.models import Instrument
from ...foundation.interval import Interval, subtract
from ...foundation.localized import LocalizedText
from ...identity.models import Person
from ..rules import ANYWHERE, Seat
from .barriers import Blocking
from .free_time import Availability
from .queries import availability_and_barriers


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch: `free`, or busy as `booked`, `closure` or `blocking`; `title` is what it is reserved for, or why it is
    closed.
    """

    slot: Interval
    kind: str
    title: LocalizedText = field(default_factory=dict)
    in_part: bool = False  # only some of it is reserved

    @property
    def start(self) -> datetime:
        return self.slot.start

    @property
    def end(self) -> datetime:
        return self.slot.end


@dataclass(frozen=True, slots=True)
class Explained:
    """What availability says. `reserved`: the parts of free time that are blocked for others."""

    free: list[Part]
    busy: list[Part]
    reserved: list[Part]


def explained_availability(
    instrument: Instrument,
    window: Interval,
    at: datetime,
    whom: Person | None,
    *,
    seat: Seat = ANYWHERE,
    mover: int | None = None,
) -> Explained:
    """What `whom` can have of an instrument in a window, what is taken, and what any of it is reserved for."""
    available, barriers = availability_and_barriers(
        instrument, window, at, whom, seat=seat, mover=mover
    )
    return explained(available, barriers.blockings)


def explained(available: Availability, blockings: Sequence[Blocking]) -> Explained:
    """The same stretches; free ones keep their bounds, since a booking may reach into blocked time. Pure."""
    busy = [
        part for each in available.busy for part in _busy_parts(each.slot, each.kind, blockings)
    ]
    inside = [each for each in blockings if each.is_open]
    free = [_free_part(slot, inside) for slot in available.free]
    reserved = [
        Part(part, "reserved", each.title)
        for each in inside
        for slot in available.free
        if (part := slot.clipped(each.slot))
    ]
    return Explained(free, sorted(busy, key=lambda part: part.slot), reserved)


def _busy_parts(slot: Interval, kind: str, blockings: Sequence[Blocking]) -> list[Part]:
    """A closed stretch, cut where something is said of it: what it is blocked for, or why it is closed."""
    if kind != "closure":
        return [Part(slot, kind)]
    told = [
        Part(part, each.kind, each.title)
        for each in blockings
        if not each.is_open and (part := each.slot.clipped(slot))
    ]
    rest = subtract([slot], [part.slot for part in told])
    return [*(Part(each, kind) for each in rest), *told]


def _free_part(slot: Interval, inside: Sequence[Blocking]) -> Part:
    reserved = next((each for each in inside if each.slot.overlaps(slot)), None)
    if reserved is None:
        return Part(slot, "free")
    return Part(slot, "free", reserved.title, in_part=not reserved.slot.contains(slot))
