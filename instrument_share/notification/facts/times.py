"""Stretches of time as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ...foundation.interval import Interval


def pair_of(slot: Interval) -> list[str]:
    return [slot.start.isoformat(), slot.end.isoformat()]


def slot_of(pair: Iterable[str]) -> Interval:
    return Interval(*map(datetime.fromisoformat, pair))


def bounds_of(slot: Interval) -> dict[str, str]:
    """The two ends by name; `slot_within` has the slot back."""
    return {"starts_at": slot.start.isoformat(), "ends_at": slot.end.isoformat()}


def slot_within(facts: Mapping[str, Any]) -> Interval:
    return slot_of([facts["starts_at"], facts["ends_at"]])
