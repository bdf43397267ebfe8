"""Stretches of a window as pairs of whole minutes since it began, `(from, until)`. Pure.

Thousands of them are computed for one page: pairs of numbers cost a tenth of Interval objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from ...foundation.interval import Interval
from ...foundation.spans import Span, merged, rest_of

__all__ = ["Span", "covered", "length_of", "span_in", "without"]

_MINUTE = timedelta(minutes=1)


def span_in(window: Interval, start: datetime, end: datetime) -> Span | None:
    """The part of `[start, end)` that lies in the window; None where there is none."""
    first = max(0, (start - window.start) // _MINUTE)
    last = min(-((window.start - end) // _MINUTE), length_of(window))  # a begun minute counts
    return (first, last) if first < last else None


def length_of(window: Interval) -> int:
    """The minutes of a window; a day of changed clocks has 1380 or 1500."""
    return window.minutes


def covered(spans: Iterable[Span], times: int = 1) -> list[Span]:
    """Where at least so many of the spans lie side by side, sorted and not touching."""
    if times == 1:
        return merged(spans)
    changes = sorted(change for span in spans for change in ((span[0], 1), (span[1], -1)))
    found: list[Span] = []
    depth, since = 0, -1
    for minute, change in changes:
        depth += change
        if depth >= times and since < 0:
            since = minute
        elif depth < times and since >= 0:
            found.append((since, minute))
            since = -1
    return merged(span for span in found if span[0] < span[1])


def without(spans: Iterable[Span], holes: Sequence[Span]) -> list[Span]:
    """What remains of the spans outside the holes; both sorted and not touching."""
    return list(rest_of(spans, holes))
