"""What the booking engine promises, told once more in the plainest Python: cells of half an hour in sets.

Nothing here is shared with the product: no interval algebra, no grid, no zones (the instrument is in UTC). It is slow
and obvious, and is what the state machine in test_machine.py holds the product against.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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

    def cells(self) -> list[datetime]:
        return [self.first + n * CELL for n in range(self.days * 48)]

    def free_positions(
        self, start: datetime, end: datetime, besides: str | None = None
    ) -> frozenset[int]:
        """The positions on which nothing is held while a booking of [start, end) would block them."""
        wanted = set(_cells(start - self.setup, end + self.teardown))
        return frozenset(
            position
            for position in range(1, self.positions + 1)
            if not any(
                wanted & self._held(booking)
                for reference, booking in self.bookings.items()
                if reference != besides and booking.is_live and position in booking.positions
            )
        )

    def fits(self, start: datetime, end: datetime, at: datetime) -> bool:
        """Whether the rules, the hours and the closures allow [start, end), whoever else is there."""
        length = end - start
        if start < at or not self.shortest <= length <= self.longest:
            return False
        blocked = set(_cells(start - self.setup, end + self.teardown))
        if any(blocked & set(_cells(*closure)) for closure in self.closures.values()):
            return False
        return all(self._is_open(cell) for cell in _cells(start, end))

    def bookable(self, at: datetime, *, whole: bool = False) -> set[tuple[datetime, datetime]]:
        """Every slot on the grid that can be had at the moment `at`."""
        needed = self.positions if whole else 1
        lengths = range(int(self.shortest / CELL), int(self.longest / CELL) + 1)
        return {
            (start, start + n * CELL)
            for start in self.cells()
            for n in lengths
            if self.fits(start, start + n * CELL, at)
            and len(self.free_positions(start, start + n * CELL)) >= needed
        }

    def minutes_taken(self) -> int:
        """What the bookings take of their agreement's quota: those to come as booked, those that were as used."""
        return sum(
            known.used
            or (known.end - known.start)
            // timedelta(minutes=1)
            * (known.state in ("confirmed", "in_use"))
            for known in self.bookings.values()
        )

    def _is_open(self, cell: datetime) -> bool:
        inside = self.first <= cell < self.first + timedelta(days=self.days)
        return inside and self.opens <= cell.hour < self.closes

    def _held(self, booking: PlainBooking) -> set[datetime]:
        return set(_cells(booking.start - self.setup, booking.end + self.teardown))


def _cells(start: datetime, end: datetime) -> Iterator[datetime]:
    """The half hours that [start, end) touches."""
    cell = start - (start - datetime.min.replace(tzinfo=start.tzinfo)) % CELL
    while cell < end:
        yield cell
        cell += CELL


def slots_in(
    stretches: Iterable[tuple[datetime, datetime]], shortest: timedelta, longest: timedelta
) -> set[tuple[datetime, datetime]]:
    """Every slot on the grid that lies in one of the stretches, which begin and end on it."""
    return {
        (start, start + length)
        for first, last in stretches
        for start in _cells(first, last)
        for length in (n * CELL for n in range(int(shortest / CELL), int(longest / CELL) + 1))
        if start + length <= last
    }
