"""Typed values that faces hand to the booking services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .rules import Seat


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """A group of like samples, as the applicant describes them."""

    name: str
    count: int = 1
    hazard: str = ""
    afterwards: str = "return"


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What somebody asks for. Times are aware and may still be wrong; slugs and references may name nothing."""

    instrument: str
    starts_at: datetime
    ends_at: datetime
    access_mode: str
    purpose: str
    project: str | None = None
    agreement: str | None = None
    samples: tuple[SampleEntry, ...] = ()
    position: int | None = None  # None: any
    whole: bool = False  # every position of the instrument
    series_id: int | None = None  # set by the series that asks, with the start that its rule gives
    occurrence: datetime | None = None

    @property
    def seat(self) -> Seat:
        return Seat(None if self.whole else self.position, self.whole)


@dataclass(frozen=True, slots=True)
class FinishedUse:
    """What the operator says really happened: `[started_at, ended_at)`, operator minutes, samples measured."""

    started_at: datetime
    ended_at: datetime
    operator_minutes: int = 0
    samples: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class BookingFilter:
    """Which bookings a list shows; None leaves a question open. `[since, until)` is about when they take place,
    `words` a reference, or part of the applicant's name.
    """

    state: str | None = None
    instrument: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    mine: bool = False
    words: str | None = None
