"""Cancelling and moving one occurrence, it and the following ones, or all of a series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ....foundation.clock import zone
from ....foundation.database import db
from ....foundation.errors import Forbidden, NotFound
from ....foundation.interval import Interval
from ....foundation.signals import series_changed
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.rules import Permission, may
from ... import services as bookings
from ...lifecycle import leads_somewhere
from ...models import Booking
from ...rules import Action, State
from ...services.slots import interval_of
from ..errors import NothingToDo, OccurrenceRefused, SeriesConflict
from ..planning import OnConflict, Planned, Status
from ..queries import SeriesView, subject_of
from ..rules import occurrence_at
from ..together import Deed
from ..values import Extent, Reach
from .acting import done_with, series_to_act_on


def cancel_series(
    reference: str,
    *,
    by: Person,
    at: datetime,
    version: int | None,
    reach: Reach,
    comment: str = "",
) -> SeriesView:
    """Give up the occurrences that are meant and still to come.

    Raises NotFound, StaleVersion, Forbidden, and NothingToDo where none of them can be cancelled any more.
    """
    view = series_to_act_on(reference, by=by, version=version)
    meant = _meant(view, reach, Action.CANCEL, at)
    deeds = [
        done_with(bookings.cancel, Action.CANCEL, booking, by=by, at=at, comment=comment)
        for booking in meant
    ]
    series_changed.send(view.series, deeds=deeds, by=by, at=at, comment=comment)
    return view


@dataclass(frozen=True, slots=True)
class Move:
    """How occurrences move: by so much on the wall clock, and to this length."""

    by: timedelta
    length: timedelta

    def slot_of(self, booking: Booking) -> Planned:
        """Where the occurrence goes to, or why its new wall time is not one instant."""
        local = booking.starts_at.astimezone(zone(booking.time_zone)).replace(tzinfo=None, fold=0)
        moved = occurrence_at(local + self.by, zone(booking.time_zone))
        if moved.start is None:
            planned = Planned(moved.wall, None, Status.CONFLICT, str(moved.fault))
        else:
            slot = Interval(moved.start, moved.start + self.length)
            planned = Planned(moved.wall, slot, Status.FREE)
        return replace(planned, reference=booking.reference)


def reschedule_series(
    reference: str,
    *,
    by: Person,
    at: datetime,
    version: int | None,
    reach: Reach,
    starts_at: datetime,
    ends_at: datetime,
    on_conflict: OnConflict = OnConflict.STOP,
) -> tuple[SeriesView, list[Planned]]:
    """Move the occurrence `reach.origin` (else the first that is meant) to a new time and length, and the others that
    are meant by as much on the wall clock.

    Each is checked again like a booking that is moved by itself. Where one cannot be, SeriesConflict lists all of them
    and nothing is changed; with `skip` those keep their old time. Raises as cancel_series and `interval_of`.
    """
    wanted = interval_of(starts_at, ends_at)
    view = series_to_act_on(reference, by=by, version=version)
    _check_own(view, by)
    meant = _meant(view, reach, Action.RESCHEDULE, at)
    origin = _origin(view, reach) or meant[0]
    move = Move(_between(origin, starts_at), wanted.duration)
    exact = {origin.id: wanted}
    done = [_moved(each, move, exact.get(each.id), by, at) for each in _in_order(meant, move)]
    planned = sorted((planned for planned, _ in done), key=lambda each: each.wall)
    deeds = [deed for _, deed in done if deed]
    if len(deeds) < len(done) and (on_conflict is not OnConflict.SKIP or not deeds):
        raise SeriesConflict(planned)
    series_changed.send(view.series, deeds=deeds, by=by, at=at, comment="")
    return view, planned


def _check_own(view: SeriesView, by: Person) -> None:
    if not may(actor_of(by), Permission.EDIT_BOOKING, subject_of(view.series)):
        raise Forbidden()


def _meant(view: SeriesView, reach: Reach, action: Action, at: datetime) -> list[Booking]:
    """The occurrences with which the action can be done. One that is named by itself answers for itself."""
    origin = _origin(view, reach)
    if reach.extent is Extent.ONE and origin is not None:
        return [origin]
    reached = [
        booking
        for booking in view.bookings
        if leads_somewhere(State(booking.state), action)
        and booking.starts_at > at
        and (reach.extent is Extent.ALL or origin is None or _place(booking) >= _place(origin))
    ]
    if not reached:
        raise NothingToDo()
    return reached[:1] if reach.extent is Extent.ONE else reached


def _place(booking: Booking) -> datetime:
    return booking.occurrence or booking.starts_at


def _origin(view: SeriesView, reach: Reach) -> Booking | None:
    """The occurrence that is named. Raises NotFound for one of another series."""
    if not reach.origin:
        return None
    for booking in view.bookings:
        if booking.reference == reach.origin:
            return booking
    raise NotFound()


def _between(origin: Booking, starts_at: datetime) -> timedelta:
    """From the old start to the new one on the wall clock."""
    there = zone(origin.time_zone)
    old, new = (
        moment.astimezone(there).replace(tzinfo=None, fold=0)
        for moment in (origin.starts_at, starts_at)
    )
    return new - old


def _in_order(meant: Sequence[Booking], move: Move) -> list[Booking]:
    """So that none moves to where the next one still is."""
    later = move.by > timedelta(0)
    return sorted(meant, key=lambda booking: booking.starts_at, reverse=later)


def _moved(
    booking: Booking, move: Move, exact: Interval | None, by: Person, at: datetime
) -> tuple[Planned, Deed | None]:
    """One occurrence at its new time, or why it cannot be had and the occurrence stays."""
    planned = move.slot_of(booking)
    if exact:
        planned = replace(planned, slot=exact, status=Status.FREE, code="")
    if planned.slot is None:
        return planned, None
    try:
        with db.session.begin_nested():
            deed = done_with(
                bookings.reschedule, Action.RESCHEDULE, booking, by=by, at=at,
                starts_at=planned.slot.start, ends_at=planned.slot.end,
            )  # fmt: skip
    except OccurrenceRefused as refusal:
        return replace(planned, status=Status.CONFLICT, code=refusal.code), None
    return planned, deed
