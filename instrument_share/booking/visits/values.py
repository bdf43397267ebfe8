"""A visit as its applicant enters it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class VisitorEntry:
    name: str
    latin_name: str
    country: str
    institution: str
    role: str


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """Days on the instrument's calendar, both inclusive."""

    arrives_on: date
    departs_on: date
    visitors: tuple[VisitorEntry, ...]
