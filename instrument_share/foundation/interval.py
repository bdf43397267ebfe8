"""Half-open intervals of time `[start, end)` and the algebra on sorted sets of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """`[start, end)` between two aware instants, never empty.

    Raises ValueError for naive times and for an end that does not lie after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs aware times")
        if self.end <= self.start:
            raise ValueError("an interval ends after it starts")

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    @property
    def minutes(self) -> int:
        return int(self.duration.total_seconds() // 60)

    def overlaps(self, other: Interval) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Interval) -> bool:
        return self.start <= other.start and other.end <= self.end

    def widened(self, before: timedelta, after: timedelta) -> Interval:
        """The interval with `before` added in front and `after` behind (negative values narrow)."""
        return Interval(self.start - before, self.end + after)

    def clipped(self, to: Interval) -> Interval | None:
        """The part of it that lies inside `to`, if any."""
        start, end = max(self.start, to.start), min(self.end, to.end)
        return Interval(start, end) if start < end else None


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants as sorted, disjoint, non-touching intervals."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return merged


def subtract(intervals: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """What remains of `intervals` outside `taken`, as sorted disjoint intervals."""
    holes = union(taken)
    return [rest for interval in union(intervals) for rest in _rest_of(interval, holes)]


def intersect(some: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    """The instants that lie in both sets, as sorted disjoint intervals."""
    left, right = union(some), union(others)
    common, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        part = left[i].clipped(right[j])
        if part:
            common.append(part)
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1
    return common


def _rest_of(interval: Interval, holes: list[Interval]) -> Iterator[Interval]:
    start = interval.start
    for hole in holes:
        if hole.end <= start:
            continue
        if hole.start >= interval.end:
            break
        if hole.start > start:
            yield Interval(start, hole.start)
        start = hole.end
    if start < interval.end:
        yield Interval(start, interval.end)
