"""The worker's round: each calendar that is due is claimed, fetched without a transaction, and written at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import current_app

from ...foundation.chores import Shift
from ...foundation.clock import zone
from ...foundation.outgoing.addresses import Network
from ...foundation.transaction import perform
from . import services
from .fetching import fetch
from .models import OutsideCalendar
from .reading import closures_in
from .rules import CalendarFault


def read_calendars(shift: Shift) -> int:
    """The chore: networks besides the open internet are those that the operator allows."""
    allowed = current_app.config["SETTINGS"].outside_addresses
    return refresh_due(worker=shift.worker, now=shift.now, allowed=allowed, stop=shift.is_over)


def refresh_due(
    *,
    worker: str,
    now: Callable[[], datetime],
    allowed: Sequence[Network] = (),
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Fetch every calendar that is due; returns how many. Several workers may do this at once."""
    done = 0
    while not stop() and (calendar := perform(services.claim_due, now(), worker=worker)):
        _refresh(calendar, worker, now, allowed)
        done += 1
    return done


def _refresh(
    calendar: OutsideCalendar, worker: str, now: Callable[[], datetime], allowed: Sequence[Network]
) -> None:
    at, key = now(), calendar.id
    try:
        fetched = fetch(calendar.url, services.known_of(calendar, at), allowed)
        slots = None
        if fetched.body is not None:
            where = zone(calendar.instrument.time_zone)
            slots = closures_in(fetched.body, where, services.window_of(calendar, at))
    except CalendarFault as fault:
        perform(services.record_failure, key, fault, worker=worker, at=now())
        return
    perform(services.record_read, key, slots, fetched.known, worker=worker, at=now())
