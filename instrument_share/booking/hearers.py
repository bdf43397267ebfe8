"""What booking answers for lower floors."""

from __future__ import annotations

from ..catalogue import free_time
from . import week
from .availability.search import first_free_of, free_among


def connect() -> None:
    """Tell the catalogue's search when instruments are free, and show the week on their pages."""
    free_time.register(free_among, first_free_of)
    week.connect()
