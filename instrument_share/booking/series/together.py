"""Telling of many bookings at once: what is done with them inside is told as one, not booking by booking."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from ..models import Booking
from ..rules import Action, State

_series: ContextVar[int | None] = ContextVar("series_told_together", default=None)


@dataclass(frozen=True, slots=True)
class Deed:
    """`action` led a booking of a series from `was` to the state that it has now."""

    booking: Booking
    action: Action
    was: State


def is_told_together(booking: Booking) -> bool:
    """Whether the booking is one of those of which a running command will tell by `series_changed`.

    What the command brings about elsewhere, such as an offer to somebody who waits for the time, is told at once.
    """
    return booking.series_id is not None and booking.series_id == _series.get()


@contextlib.contextmanager
def told_together(series_id: int | None) -> Iterator[None]:
    """Whoever would tell people of each booking of the series waits for `series_changed` instead."""
    mark = _series.set(series_id)
    try:
        yield
    finally:
        _series.reset(mark)
