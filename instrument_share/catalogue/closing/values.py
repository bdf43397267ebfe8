"""What lies in the way of whoever takes an instrument's time, as plain values: the floor above knows what it is."""

from __future__ import annotations

from dataclasses import dataclass

from ...foundation.interval import Interval
from ...foundation.localized import LocalizedText


@dataclass(frozen=True, slots=True)
class Hit:
    """A booking that still holds its time and lies in a closure or blocking.

    `stays`: its applicant may book inside. `exceptions`: the ids of what stands in its way (or would, for others).
    """

    booking_id: int
    reference: str
    state: str
    slot: Interval
    time_zone: str
    applicant: str
    institution: LocalizedText
    exceptions: tuple[int, ...]
    stays: bool
