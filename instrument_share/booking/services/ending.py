"""Letting go of instrument time before it is used."""

from __future__ import annotations

from datetime import datetime, timedelta

from ...foundation.database import db
from ...identity.models import Person
from ..closing.queries import hits_of
from ..holding import release_hold
from ..lifecycle import booking_to_act_on, move, tell
from ..models import Booking
from ..routing import close_route
from ..rules import Action, State


def withdraw(
    reference: str, *, by: Person, at: datetime, version: int | None, comment: str = ""
) -> Booking:
    """Take a request back; it becomes a draft again and its time is free."""
    booking = booking_to_act_on(reference, Action.WITHDRAW, by=by, version=version)
    return let_go(booking, Action.WITHDRAW, by, at, comment)


def cancel(
    reference: str, *, by: Person, at: datetime, version: int | None, comment: str = ""
) -> Booking:
    """Give the booking up. Late is who does so after the deadline with time that was confirmed and can be used."""
    booking = booking_to_act_on(reference, Action.CANCEL, by=by, version=version)
    deadline = booking.starts_at - timedelta(minutes=booking.instrument.cancellation_minutes)
    is_late = booking.state == State.CONFIRMED and at > deadline
    booking.late = is_late and not hits_of(booking, at)  # nobody is late for a closed instrument
    return let_go(booking, Action.CANCEL, by, at, comment)


def let_go(
    booking: Booking, action: Action, by: Person | None, at: datetime, comment: str
) -> Booking:
    """Do an action after which the booking, which is locked, holds no time and nobody decides on it."""
    was = move(booking, action)
    close_route(booking)
    release_hold(booking)
    booking.hold_expires_at = None
    tell(booking, action, was=was, by=by, at=at, comment=comment)
    db.session.flush()
    return booking
