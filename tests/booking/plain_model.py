"""What the booking engine promises, told once more in the plainest Python: cells of half an hour in sets.

Nothing here is shared with the product: no interval algebra, no grid, no zones (the instrument is in UTC). It is slow
and obvious, and is what the state machine in test_machine.py holds the product against.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CELL = timedelta(minutes=30)
HELD = ("offered", "submitted", "changes_requested", "confirmed", "in_use")


@dataclass
class PlainBooking:
    """A booking as the model knows it; `positions` are those it holds."""

    state: str
    start: datetime
    end: datetime
    positions: frozenset[int] = frozenset()
    used: int = 0
    answer_by: datetime | None = None  # of an offer

    @property
    def is_undecided(self) -> bool:
        return self.state in ("offered", "submitted", "changes_requested")

    @property
    def held_till(self) -> datetime:
        """When an undecided one lets go of its time."""
        return self.answer_by if self.state == "offered" and self.answer_by else self.start

    @property
    def is_live(self) -> bool:
        return self.state in HELD


@dataclass
class PlainInstrument:
    """One instrument from `first` on, for `days`; open from `opens` to `closes` o'clock (UTC) every day."""

    first: datetime
    days: int
    opens: int
    closes: int
    positions: int
    shortest: timedelta
    longest: timedelta
    setup: timedelta
    teardown: timedelta
    bookings: dict[str, PlainBooking] = field(default_factory=dict)
    closures: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    outside: list[tuple[datetime, datetime]] = field(default_factory=list)

    def free_positions(
        self, start: datetime, end: datetime, besides: str | None = None
    ) -> frozenset[int]:
        """The positions on which nothing is held while a booking of [start, end) would block them."""
        wanted = self._blocked_by(start, end)
        held = self._held(besides)
        return frozenset(p for p, cells in held.items() if cells.isdisjoint(wanted))

    def fits(self, start: datetime, end: datetime, at: datetime) -> bool:
        """Whether the rules, the hours and the closures allow [start, end), whoever else is there."""
        if start < at or not self.shortest <= end - start <= self.longest:
            return False
        is_open = self._open().issuperset(self._cells(start, end))
        return is_open and self._closed().isdisjoint(self._blocked_by(start, end))

    def bookable(self, at: datetime, *, whole: bool = False) -> set[tuple[datetime, datetime]]:
        """Every slot on the grid that can be had at the moment `at`."""
        needed = self.positions if whole else 1
        opened, closed, held = self._open(), self._closed(), list(self._held().values())
        before, after = self.setup // CELL, self.teardown // CELL
        found = set()
        for first in sorted(opened):
            for count in range(self.shortest // CELL, self.longest // CELL + 1):
                blocked = range(first - before, first + count + after)
                if (
                    opened.issuperset(range(first, first + count))
                    and closed.isdisjoint(blocked)
                    and sum(cells.isdisjoint(blocked) for cells in held) >= needed
                ):
                    found.add((first, first + count))
        slots = {(self.first + a * CELL, self.first + b * CELL) for a, b in found}
        return {slot for slot in slots if slot[0] >= at}

    def running_out(self, at: datetime) -> list[str]:
        """The bookings that nobody decided or accepted until then."""
        return [
            reference
            for reference, known in self.bookings.items()
            if known.is_undecided and known.held_till <= at
        ]

    def minutes_taken(self) -> int:
        """What the bookings take of their agreement's quota: those to come as booked, those that were as used."""
        return sum(
            known.used
            or (known.end - known.start)
            // timedelta(minutes=1)
            * (known.state in ("confirmed", "in_use"))
            for known in self.bookings.values()
        )

    def _open(self) -> set[int]:
        return {
            day * 48 + cell
            for day in range(self.days)
            for cell in range(self.opens * 2, self.closes * 2)
        }

    def _closed(self) -> set[int]:
        closed = [*self.closures.values(), *self.outside]
        return {cell for each in closed for cell in self._cells(*each)}

    def _held(self, besides: str | None = None) -> dict[int, set[int]]:
        """The cells that are held on each position, but for one booking's."""
        held: dict[int, set[int]] = {n: set() for n in range(1, self.positions + 1)}
        for reference, booking in self.bookings.items():
            if booking.is_live and reference != besides:
                for position in booking.positions:
                    held[position].update(self._blocked_by(booking.start, booking.end))
        return held

    def _blocked_by(self, start: datetime, end: datetime) -> range:
        return self._cells(start - self.setup, end + self.teardown)

    def _cells(self, start: datetime, end: datetime) -> range:
        """The half hours that [start, end) touches, counted from the first."""
        return range((start - self.first) // CELL, -((self.first - end) // CELL))


def slots_in(
    stretches: Iterable[tuple[datetime, datetime]], shortest: timedelta, longest: timedelta
) -> set[tuple[datetime, datetime]]:
    """Every slot on the grid that lies in one of the stretches, which begin and end on it."""
    counts = range(shortest // CELL, longest // CELL + 1)
    return {
        (first + n * CELL, first + (n + count) * CELL)
        for first, last in stretches
        for n in range((last - first) // CELL)
        for count in counts
        if first + (n + count) * CELL <= last
    }
