"""What shares of a facility are allowed, and how much time a share is. Pure."""

from __future__ import annotations

from collections.abc import Iterable

WHOLE = 100


def fits(percents: Iterable[int]) -> bool:
    """Whether shares are percentages that leave nothing below zero: their sum is at most 100."""
    shares = list(percents)
    return all(0 <= each <= WHOLE for each in shares) and sum(shares) <= WHOLE


def minutes_of(percent: int, open_minutes: int) -> int:
    """What a share of the open time of a year is, in whole minutes."""
    return open_minutes * percent // WHOLE
