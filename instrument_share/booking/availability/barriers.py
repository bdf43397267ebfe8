"""What keeps people from booking an open instrument that is not taken, and what opens it beyond its hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ...access.reserved import Standing, is_inside, standings_of
from ...catalogue.models import OpeningException
from ...catalogue.queries import closures_of
from ...catalogue.rules import ExceptionKind
from ...foundation.interval import Interval, union
from ...foundation.localized import LocalizedText
from ...identity.models import Person


@dataclass(frozen=True, slots=True)
class Blocking:
    """Time that is blocked for a purpose, or closed for a reason; `is_open`: whoever asks may book inside."""

    slot: Interval
    title: LocalizedText
    is_open: bool
    kind: str = ExceptionKind.BLOCKING.value


@dataclass(slots=True)
class Barriers:
    """`closures` are times at which the instrument cannot be had, `openings` those at which it is open besides.

    Time that is blocked for others is among the closures; `blockings` tells what any of it is for, or why it is closed.
    """

    closures: list[Interval] = field(default_factory=list)
    openings: list[Interval] = field(default_factory=list)
    blockings: list[Blocking] = field(default_factory=list)


def barriers_of(
    instrument_ids: Sequence[int], window: Interval, whom: Person | None, at: datetime
) -> Mapping[int, Barriers]:
    """The barriers that stand before `whom` (None: anybody at all) at the moment `at` within the window.

    One query for all; two more where somebody in particular asks and time is blocked.
    """
    return barriers_among(closures_of(instrument_ids, window), whom, at)


def barriers_among(
    rows: Sequence[OpeningException], whom: Person | None, at: datetime
) -> Mapping[int, Barriers]:
    """The same of closures that were read."""
    standing = _standing_of(whom, rows)
    found: dict[int, Barriers] = defaultdict(Barriers)
    for row in rows:
        _add(found[row.instrument_id], row, standing, at)
    for barriers in found.values():
        barriers.closures = union(barriers.closures)
    return found


def stands_before(row: OpeningException, standing: Standing | None, at: datetime) -> bool:
    """Whether a closure or blocking keeps somebody of that standing from booking at the moment `at`. Pure."""
    if row.kind != ExceptionKind.BLOCKING:
        return row.kind == ExceptionKind.CLOSURE
    return not row.is_released(at) and not is_inside(row.open_to, standing, row.starts_at.date())


def _standing_of(whom: Person | None, rows: Sequence[OpeningException]) -> Standing | None:
    if whom is None or not any(row.open_to for row in rows):
        return None
    return standings_of([whom])[whom.id]


def _add(
    barriers: Barriers, row: OpeningException, standing: Standing | None, at: datetime
) -> None:
    if row.kind == ExceptionKind.OPENING:
        barriers.openings.append(row.slot)
        return
    stands = stands_before(row, standing, at)
    if stands:
        barriers.closures.append(row.slot)
    if row.kind == ExceptionKind.CLOSURE and row.reason:
        barriers.blockings.append(Blocking(row.slot, row.reason, is_open=False, kind=row.kind))
    if row.kind == ExceptionKind.BLOCKING and not row.is_released(at):
        barriers.blockings.append(Blocking(row.slot, row.title, not stands))
