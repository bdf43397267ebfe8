"""What is said of a step of a sample's way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parcel:
    """How a sample travels, and what is to be said about the step."""

    carrier: str = ""
    tracking: str = ""
    note: str = ""
