"""Instrument time as it happens: start, finish, no-show, and the end of the books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from flask_babel import lazy_gettext
from sqlalchemy import select

from ...access.training.services import note_supervised_use
from ...foundation.database import db
from ...identity.models import Person
from ..errors import TooEarlyToStart, UsageImplausible
from ..holding import release_hold
from ..lifecycle import booking_to_act_on, move, tell
from ..models import Booking
from ..readiness import check_ready
from ..rules import EARLY_START, LONGEST_OVERRUN, Action, State
from ..samples.outcomes import Outcome, note_outcomes
from ..values import FinishedUse

NOTHING_SAID: Mapping[int, Outcome] = MappingProxyType({})


def start(
    reference: str, *, by: Person, at: datetime, version: int | None, comment: str = ""
) -> Booking:
    """The use has begun.

    Raises TooEarlyToStart more than half an hour before the booked time, and NotReady where the applicant no longer
    meets a condition of the instrument.
    """
    booking = booking_to_act_on(reference, Action.START, by=by, version=version)
    return begin(booking, by=by, at=at, comment=comment)


def begin(booking: Booking, *, by: Person, at: datetime, comment: str = "") -> Booking:
    """The same for a booking that is locked and may be started. Raises TooEarlyToStart and NotReady."""
    if at < booking.starts_at - EARLY_START:
        raise TooEarlyToStart()
    ready = check_ready(booking, at)
    was = move(booking, Action.START)
    booking.started_at, booking.supervised = at, ready.supervised
    if ready.supervised:
        note_supervised_use(booking.applicant, booking.instrument, at=at)
    tell(booking, Action.START, was=was, by=by, at=at, comment=comment)
    db.session.flush()
    return booking


def finish(
    reference: str,
    *,
    by: Person,
    at: datetime,
    version: int | None,
    use: FinishedUse | None = None,
    outcomes: Mapping[int, Outcome] = NOTHING_SAID,
) -> Booking:
    """The use is over; without `use` it lasted from the start that was noted until now.

    The rest of the booked time is free at once. `outcomes` tell what became of samples that came by mail, by their ids.
    Raises UsageImplausible for times that cannot be, and as `note_outcomes`.
    """
    booking = booking_to_act_on(reference, Action.FINISH, by=by, version=version)
    note_outcomes(booking, outcomes, by=by, at=at)
    return end(booking, use or use_until_now(booking, at), by=by, at=at)


def use_until_now(booking: Booking, at: datetime) -> FinishedUse:
    """The use from the start that was noted to the present minute.

    Raises UsageImplausible where it began in that very minute.
    """
    started = booking.started_at or booking.starts_at
    ended = at.replace(second=0, microsecond=0)
    if started >= ended and at >= started:
        only_now = lazy_gettext("The use began only now. Finish it when a minute has passed.")
        raise UsageImplausible(fields={"ended_at": only_now})
    return FinishedUse(started, ended)


def end(booking: Booking, use: FinishedUse, *, by: Person, at: datetime) -> Booking:
    """The same for a booking that is locked and may be finished. Raises UsageImplausible."""
    _check_plausible(use, booking, at)
    was = move(booking, Action.FINISH)
    booking.started_at, booking.ended_at = use.started_at, use.ended_at
    release_hold(booking)
    tell(booking, Action.FINISH, was=was, by=by, at=at, comment=use.note, usage=use)
    db.session.flush()
    return booking


def mark_no_show(
    reference: str, *, by: Person, at: datetime, version: int | None, comment: str = ""
) -> Booking:
    """Nobody came. Raises TooEarlyToStart before the booked time has begun."""
    booking = booking_to_act_on(reference, Action.MARK_NO_SHOW, by=by, version=version)
    if at < booking.starts_at:
        raise TooEarlyToStart()
    return miss(booking, by=by, at=at, comment=comment)


def miss(booking: Booking, *, by: Person | None, at: datetime, comment: str = "") -> Booking:
    """Nobody came for the booking, which is locked; the rest of its time is free."""
    was = move(booking, Action.MARK_NO_SHOW)
    release_hold(booking)
    tell(booking, Action.MARK_NO_SHOW, was=was, by=by, at=at, comment=comment)
    db.session.flush()
    return booking


def settle(booking_ids: Iterable[int], *, by: Person | None, at: datetime) -> None:
    """Close completed bookings whose charges stand on an issued statement."""
    completed = db.session.scalars(
        select(Booking).where(Booking.id.in_(list(booking_ids)), Booking.state == State.COMPLETED)
    )
    for booking in completed.all():
        was = move(booking, Action.SETTLE)
        tell(booking, Action.SETTLE, was=was, by=by, at=at)
    db.session.flush()


def _check_plausible(use: FinishedUse, booking: Booking, at: datetime) -> None:
    wrong = {}
    if use.ended_at <= use.started_at:
        wrong["ended_at"] = lazy_gettext("The end must lie after the start.")
    elif use.ended_at > at:
        wrong["ended_at"] = lazy_gettext("This end is still to come. Give a time that is over.")
    elif use.ended_at > booking.ends_at + LONGEST_OVERRUN:
        wrong["ended_at"] = lazy_gettext(
            "This is more than a day after the booked time. Give the true end."
        )
    if use.started_at < booking.starts_at - EARLY_START:
        wrong["started_at"] = lazy_gettext(
            "This is well before the booked time. Give the true start."
        )
    if wrong:
        raise UsageImplausible(fields=wrong)
