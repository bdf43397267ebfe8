"""Moving a booking to another time or position, and making it longer or shorter."""

from __future__ import annotations

from datetime import datetime

from ...access.agreements.usable import agreement_for
from ...access.eligibility import check_eligible, eligibility_of
from ...catalogue.models import Instrument
from ...catalogue.queries import bookable_instrument
from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.interval import Interval
from ...identity.models import Person
from ..errors import WrongState
from ..holding import exchange_hold
from ..lifecycle import booking_to_act_on, confirm, move, tell
from ..models import Booking
from ..projects import project_for
from ..routing import ask_again, is_decided, shorten_deadlines
from ..rules import LIVE, Action, Placement, Seat, State, changes_between
from .slots import check_slot, interval_of, place, seat_on

_UNDER_WAY = frozenset({State.SUBMITTED, State.CONFIRMED})


def reschedule(
    reference: str,
    *,
    by: Person,
    at: datetime,
    version: int | None,
    starts_at: datetime,
    ends_at: datetime,
    seat: Seat | None = None,
) -> Booking:
    """Move a booking to another time, make it longer or shorter, or (with `seat`) change its position.

    Everything is checked as for a new request. Approvals that still hold stay (`rules.RESTS_ON`), so a confirmed
    booking may stay confirmed; the others are asked again. Raises as request_booking, and WrongState once the time
    that it has has begun; the booking keeps what it has then.
    """
    booking = booking_to_act_on(reference, Action.RESCHEDULE, by=by, version=version)
    if booking.state in _UNDER_WAY and booking.starts_at <= at:
        raise WrongState(booking.state, Action.RESCHEDULE)
    instrument = bookable_instrument(booking.instrument.slug, to_book=True)
    slot = interval_of(starts_at, ends_at)
    _check_still_entitled(booking, instrument, slot, at)
    return rebook(booking, instrument, slot, booking.seat if seat is None else seat, by=by, at=at)


def rebook(
    booking: Booking,
    instrument: Instrument,
    slot: Interval,
    seat: Seat,
    *,
    by: Person,
    at: datetime,
) -> Booking:
    """Place a booking anew that was checked in every other respect. Raises SlotUnfit, UnknownPosition, SlotTaken."""
    old, was = Placement(booking.slot, booking.seat), State(booking.state)
    new = Placement(slot, seat_on(instrument, seat))
    check_slot(slot, instrument, at, booking.applicant, own=old.slot if was in LIVE else None)
    with db.session.begin_nested():  # a refusal leaves everything as it was
        place(booking, instrument, new.slot, new.seat)
        if was in LIVE:
            exchange_hold(booking, instrument, booking.held)
    _ask_again(booking, instrument, old, new, at)
    tell(booking, Action.RESCHEDULE, was=was, by=by, at=at, moved_from=old.slot)
    db.session.flush()
    return booking


def _ask_again(
    booking: Booking, instrument: Instrument, old: Placement, new: Placement, at: datetime
) -> None:
    """Have decided anew what the new placement takes; the booking stays confirmed where that is nothing."""
    shorten_deadlines(booking)
    if booking.state not in _UNDER_WAY:
        return
    changes = changes_between(old, new, zone(booking.time_zone))
    if ask_again(booking, instrument, changes, at):
        move(booking, Action.RESCHEDULE)
        booking.decided_at = None
    elif booking.state == State.CONFIRMED:
        booking.hold_expires_at = None
    elif is_decided(booking):  # the policy approves by itself what had to be asked again
        confirm(booking, at)


def _check_still_entitled(
    booking: Booking, instrument: Instrument, slot: Interval, at: datetime
) -> None:
    """Whoever may no longer use the instrument, or not under this agreement or project then, does not move there."""
    check_eligible(eligibility_of(booking.applicant, instrument, booking.access_mode, at=at))
    check_terms(booking, instrument, slot)


def check_terms(booking: Booking, instrument: Instrument, slot: Interval) -> None:
    """What was named when the booking was written may have ended since, or be open to the applicant no longer.

    Raises AgreementNotUsable and UnknownProject.
    """
    applicant = booking.applicant
    if booking.agreement is not None:
        agreement_for(applicant, instrument, booking.agreement.reference, slot.start.date())
    project_for(applicant, booking.project.reference if booking.project else None, slot)
