"""What a manager sets about an instrument, as typed values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ..foundation.interval import Interval
from ..foundation.localized import LocalizedText
from .rules import ExceptionKind

#: Weekday (`mon` … `sun`) -> spans of local wall time such as `08:30-18:00`; `24:00` ends a day.
Opening = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours, and the hours on public holidays of a territory (None: they are days like others)."""

    opening: Opening
    holiday_territory: str | None = None
    holiday_opening: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class InstrumentTexts:
    """What is told of an instrument, by language."""

    names: LocalizedText
    summary: LocalizedText
    specification: LocalizedText
    sample_requirements: LocalizedText


@dataclass(frozen=True, slots=True)
class SlotRules:
    """Which times can be asked for; minutes but for `horizon_days`."""

    granularity_minutes: int
    shortest_minutes: int
    longest_minutes: int
    setup_minutes: int
    teardown_minutes: int
    lead_minutes: int
    horizon_days: int
    cancellation_minutes: int
    positions: int
    grace_minutes: int | None = None  # None: managers mark no-shows by hand


#: Who may still book inside a blocking: `institutions`, `agreements`, `projects`, `people` -> ids.
OpenTo = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A stretch of time beyond the weekly hours, as a manager plans it: once, or weekly up to a local day.

    `title` is what a blocking is for, `reason` why an instrument is closed or open; all may read both.
    `until_lifted`: nobody knows the end. `release_minutes` before a blocking what is left of it is open to all.
    """

    kind: ExceptionKind
    when: Interval
    title: LocalizedText = field(default_factory=dict)
    reason: LocalizedText = field(default_factory=dict)
    sudden: bool = False
    until_lifted: bool = False
    open_to: OpenTo = field(default_factory=dict)
    release_minutes: int | None = None
    weekly_until: date | None = None
