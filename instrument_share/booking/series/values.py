"""Typed values that faces hand to the services of series."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..values import BookingRequest
from .planning import OnConflict


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """What somebody asks for again and again: the first occurrence, and the rule (RFC 5545) for the others."""

    first: BookingRequest
    rrule: str
    on_conflict: OnConflict = OnConflict.STOP


class Extent(StrEnum):
    """Which occurrences are meant, counted from the one that is named."""

    ONE = "one"
    FOLLOWING = "following"  # it and every later one
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Reach:
    """Some occurrences of a series: `extent` from the booking `origin` on; without one from the first."""

    extent: Extent = Extent.ALL
    origin: str = ""
