"""Half-open stretches of time as pairs of whole seconds since the epoch: the quick twin of `foundation.interval`.

Free time is computed for thousands of instruments at once; plain integers make that ten times as fast as intervals
of aware datetimes do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from .interval import Interval

#: `(start, end)`, the end not included.
Span = tuple[int, int]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def second_of(instant: datetime) -> int:
    """The last whole second that is not after the instant."""
    return (instant - _EPOCH) // _SECOND


def second_after(instant: datetime) -> int:
    """The first whole second that is not before the instant."""
    return -((_EPOCH - instant) // _SECOND)


def instant_at(second: int) -> datetime:
    return _EPOCH + timedelta(seconds=second)


def span_around(interval: Interval) -> Span:
    """The shortest span of whole seconds that covers the interval."""
    return second_of(interval.start), second_after(interval.end)


def interval_of(span: Span) -> Interval:
    return Interval(instant_at(span[0]), instant_at(span[1]))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same seconds as sorted, disjoint, non-touching spans."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def rest_of(spans: Iterable[Span], taken: Sequence[Span]) -> Iterator[Span]:
    """What remains of disjoint spans outside `taken`; both sorted by start, `taken` may overlap itself."""
    first = 0
    for opens, end in spans:
        start = opens
        while first < len(taken) and taken[first][1] <= start:
            first += 1
        for place in range(first, len(taken)):
            hole_start, hole_end = taken[place]
            if hole_start >= end:
                break
            if hole_start > start:
                yield start, hole_start
            start = max(start, hole_end)
        if start < end:
            yield start, end
