"""Bringing a booking into line with clocks that follow new rules, when an operator says so (`check-zones`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ...catalogue.models import Facility, Instrument
from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.errors import NotFound
from ..clock_changes import WallSlot, has_moved, keeping_wall_time, wall_slot_of
from ..clock_check import made_for_of
from ..errors import ClocksAgree, WallTimeSkipped, WrongState
from ..holding import exchange_hold
from ..lifecycle import leads_somewhere, move, tell
from ..models import Booking
from ..rules import Action, State
from .slots import place


def keep_wall_time(reference: str, *, at: datetime) -> Booking:
    """Move a booking to the instant at which the clocks now show the time it was made for.

    Approvals stay, for people approved that wall time. Raises NotFound, WrongState, ClocksAgree, WallTimeSkipped, and
    SlotTaken where somebody else holds that time; the booking keeps its instant then.
    """
    booking, made_for = _moved(reference)
    slot = keeping_wall_time(booking.slot, made_for, zone(booking.time_zone))
    if slot is None:
        raise WallTimeSkipped()
    was = move(booking, Action.FOLLOW_CLOCKS)
    place(booking, booking.instrument, slot, booking.seat)
    if booking.hold_expires_at is not None:
        booking.hold_expires_at = min(booking.hold_expires_at, slot.start)
    exchange_hold(booking, booking.instrument, booking.held)
    return _followed(booking, was, at)


def keep_instant(reference: str, *, at: datetime) -> Booking:
    """Leave a booking where it is: from now on it counts as made for what the clocks show there.

    Raises NotFound, WrongState and ClocksAgree.
    """
    booking, _ = _moved(reference)
    was = move(booking, Action.FOLLOW_CLOCKS)
    now_show = wall_slot_of(booking.slot, zone(booking.time_zone))
    booking.wall_starts_at, booking.wall_ends_at = now_show.start, now_show.end
    return _followed(booking, was, at)


def _moved(reference: str) -> tuple[Booking, WallSlot]:
    """The booking, locked, and the wall time that it was made for and is not at."""
    instrument = joinedload(Booking.instrument).joinedload(Instrument.facility)
    booking = db.session.scalar(
        select(Booking)
        .where(Booking.reference == reference)
        .options(
            instrument.joinedload(Facility.host),
            joinedload(Booking.applicant),
            joinedload(Booking.agreement),
            selectinload(Booking.steps),
        )
        .with_for_update(of=Booking)
        .execution_options(populate_existing=True)
    )
    if booking is None:
        raise NotFound()
    if not leads_somewhere(State(booking.state), Action.FOLLOW_CLOCKS):
        raise WrongState(booking.state, Action.FOLLOW_CLOCKS)
    made_for = made_for_of(booking)
    if made_for is None or not has_moved(booking.slot, made_for, zone(booking.time_zone)):
        raise ClocksAgree()
    return booking, made_for


def _followed(booking: Booking, was: State, at: datetime) -> Booking:
    tell(booking, Action.FOLLOW_CLOCKS, was=was, by=None, at=at)
    db.session.flush()
    return booking
