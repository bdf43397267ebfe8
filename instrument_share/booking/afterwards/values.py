"""What is said after a use, as typed values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """How a use went, each from 1 (badly) to 5 (very well), and in words."""

    instrument: int
    support: int
    booking_itself: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A publication as it is reported; `acknowledged`: it names the instrument."""

    doi: str
    title: str
    acknowledged: bool = False
