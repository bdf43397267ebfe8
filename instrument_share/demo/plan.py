"""Who books what when in the demonstration: drawn by a seeded die, so that it is the same for the same moment. Pure."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ..booking.availability.opening import opening_of
from ..booking.availability.slot_rules import SlotRules
from ..foundation.interval import Interval

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


class Fate(StrEnum):
    """What has become of a request by the moment of loading."""

    USED = "used"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CHANGES_REQUESTED = "changes_requested"
    SUBMITTED = "submitted"
    HALF_APPROVED = "half_approved"
    CONFIRMED = "confirmed"
    DRAFT = "draft"
    IN_USE = "in_use"


@dataclass(frozen=True, slots=True)
class Bookable:
    """What the plan knows of an instrument."""

    slug: str
    host: str
    modes: tuple[str, ...]
    opening: Mapping[str, Sequence[str]]
    rules: SlotRules


@dataclass(frozen=True, slots=True)
class Visit:
    """A request, its time, and what becomes of it. `draw` is a number from 0 to 999 for whatever else varies."""

    fate: Fate
    instrument: str
    applicant: str
    mode: str
    slot: Interval
    asked_at: datetime
    draw: int


#: How many requests of each fate, and when they take place: days from the moment of loading.
_COUNTS: tuple[tuple[Fate, int, int, int], ...] = (
    (Fate.USED, 130, -45, -1),
    (Fate.NO_SHOW, 4, -30, -2),
    (Fate.CANCELLED, 8, -20, 10),
    (Fate.REJECTED, 7, -15, 12),
    (Fate.EXPIRED, 4, -9, -2),
    (Fate.CHANGES_REQUESTED, 3, 5, 25),
    (Fate.SUBMITTED, 17, 5, 28),
    (Fate.HALF_APPROVED, 5, 5, 28),
    (Fate.CONFIRMED, 45, 1, 28),
    (Fate.DRAFT, 3, 8, 28),
)
#: How many of each the researcher of the demonstration has asked for herself.
_OWN = {
    Fate.USED: 3, Fate.CANCELLED: 1, Fate.REJECTED: 1, Fate.CHANGES_REQUESTED: 1, Fate.SUBMITTED: 2,
    Fate.HALF_APPROVED: 1, Fate.CONFIRMED: 2, Fate.DRAFT: 1, Fate.NO_SHOW: 0, Fate.EXPIRED: 1,
}  # fmt: skip
_LENGTHS = (2, 3, 4, 4, 6, 8)  # hours


def plan_visits(
    instruments: Sequence[Bookable],
    applicants: Sequence[str],
    researcher: str,
    running: str,
    at: datetime,
    *,
    seed: int = 2018,
) -> list[Visit]:
    """Every request of the demonstration. On the instrument `running` one of them is in use at `at`."""
    plan = _Plan(instruments, at, random.Random(seed))
    visits = [plan.running_now(running, researcher)]
    for fate, count, first, last in _COUNTS:
        people = [researcher] * _OWN[fate] + [
            plan.die.choice(applicants) for _ in range(count - _OWN[fate])
        ]
        visits += plan.visits(fate, people, at + first * _DAY, at + last * _DAY)
    return visits


class _Plan:
    """Draws requests that fit their instrument and do not meet one another."""

    def __init__(self, instruments: Sequence[Bookable], at: datetime, die: random.Random) -> None:
        self.by_slug = {each.slug: each for each in instruments}
        self.at, self.die = at, die
        self.taken: dict[str, list[Interval]] = defaultdict(list)

    def running_now(self, slug: str, applicant: str) -> Visit:
        """Began one or two hours ago and goes on for some more; the instrument is open day and night."""
        rules = self.by_slug[slug].rules
        start = rules.next_on_grid(self.at - 2 * _HOUR)
        slot = Interval(start, start + 6 * _HOUR)
        self.taken[slug].append(rules.held_by(slot))
        asked_at = start - rules.lead - 4 * _DAY
        return Visit(Fate.IN_USE, slug, applicant, "remote", slot, asked_at, 500)

    def visits(
        self, fate: Fate, people: Sequence[str], first: datetime, last: datetime
    ) -> Iterator[Visit]:
        for person in people:
            visit = next(
                filter(None, (self._drawn(fate, person, first, last) for _ in range(200))), None
            )
            if visit is not None:
                yield visit

    def _drawn(self, fate: Fate, person: str, first: datetime, last: datetime) -> Visit | None:
        instrument = self.die.choice(list(self.by_slug.values()))
        slot = self._slot(instrument, first, last)
        if slot is None:
            return None
        asked_at = self._asked_at(instrument.rules, slot)
        held = instrument.rules.held_by(slot)
        if asked_at is None or any(held.overlaps(other) for other in self.taken[instrument.slug]):
            return None
        self.taken[instrument.slug].append(held)
        mode, draw = self.die.choice(instrument.modes), self.die.randrange(1000)
        return Visit(fate, instrument.slug, person, mode, slot, asked_at, draw)

    def _slot(self, instrument: Bookable, first: datetime, last: datetime) -> Interval | None:
        """A slot on some day between `first` and `last`, inside the opening hours."""
        day = first + self.die.random() * (last - first)
        window = Interval(day, min(day + _DAY, last + _DAY))
        opening = opening_of(instrument.opening, instrument.rules.zone, window)
        if not opening:
            return None
        stretch = self.die.choice(opening)
        length = max(instrument.rules.shortest, self.die.choice(_LENGTHS) * _HOUR)
        latest = stretch.end - length
        if length > instrument.rules.longest or latest < stretch.start:
            return None
        start = instrument.rules.next_on_grid(
            stretch.start + self.die.random() * (latest - stretch.start)
        )
        end = instrument.rules.next_on_grid(start + length)
        return Interval(start, end) if first <= start and end <= min(stretch.end, last) else None

    def _asked_at(self, rules: SlotRules, slot: Interval) -> datetime | None:
        """Some days before the lead time begins, in the past, and not before the calendar was open that far."""
        latest = min(slot.start - rules.lead, self.at) - self.die.uniform(2, 96) * _HOUR
        earliest = slot.end - rules.horizon
        return latest.replace(second=0, microsecond=0) if latest > earliest else None
