"""Telling of many bookings at once: what is done with them inside is told as one, not booking by booking."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from ..models import Booking
from ..rules import Action, State

_together: ContextVar[bool] = ContextVar("told_together", default=False)


@dataclass(frozen=True, slots=True)
class Deed:
    """`action` led a booking of a series from `was` to the state that it has now."""

    booking: Booking
    action: Action
    was: State


def are_told_together() -> bool:
    """Whether a command runs that will tell of all its bookings by `series_changed`."""
    return _together.get()


@contextlib.contextmanager
def told_together() -> Iterator[None]:
    """Whoever would tell people of each booking waits for `series_changed` instead."""
    mark = _together.set(True)
    try:
        yield
    finally:
        _together.reset(mark)
