"""How one comes to a project, and what periods of time it may have. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CandidateKind(StrEnum):
    """How somebody who is no member yet came to be considered."""

    INVITED = "invited"  # by the lead; the person has to agree
    ASKS = "asks"  # the lead has to agree


@dataclass(frozen=True, slots=True)
class Period:
    """Days of an allocation, both included, at one facility (by id) or, with None, anywhere."""

    starts_on: date
    ends_on: date
    facility_id: int | None = None

    def collides(self, other: Period) -> bool:
        """Whether a booking could draw on either with equal right."""
        return (
            self.facility_id == other.facility_id
            and self.starts_on <= other.ends_on
            and other.starts_on <= self.ends_on
        )


def collides_with_any(period: Period, others: Iterable[Period]) -> bool:
    return any(period.collides(other) for other in others)


def runs_on(ends_on: date | None, day: date) -> bool:
    return ends_on is None or day <= ends_on
