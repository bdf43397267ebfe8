"""Which bookings to come are at another wall time than they were made for, since zone data changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..catalogue.models import Instrument
from ..foundation.clock import zone
from ..foundation.database import db
from ..foundation.interval import Interval
from .availability.barriers import Barriers, barriers_of
from .availability.opening import opening_of
from .availability.queries import rules_of
from .clock_changes import WallSlot, has_moved, keeping_wall_time, wall_slot_of
from .models import Booking, Hold
from .rules import LIVE, State

_BATCH = 1000
#: No zone was ever moved farther than over the date line.
_FARTHEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moved:
    """A booking that the clocks moved: `made_for` one wall time, at which they `now_show` another.

    `proposed` keeps the wall time (None where the clocks skip it); `in_the_way` are bookings that hold that time and
    were not moved themselves; `is_outside_hours` tells of the booking as it stands.
    """

    reference: str
    instrument: str
    time_zone: str
    state: str
    slot: Interval
    made_for: WallSlot
    now_show: WallSlot
    proposed: Interval | None
    is_outside_hours: bool
    in_the_way: tuple[str, ...] = ()


def moved_bookings(at: datetime) -> list[Moved]:
    """Every booking to come that holds time and was moved, by instrument and start."""
    bookings = _loaded(list(_moved_ids(at)))
    if not bookings:
        return []
    instruments = {booking.instrument_id for booking in bookings}
    span = Interval(
        min(booking.held_from for booking in bookings),
        max(booking.held_until for booking in bookings),
    )
    barriers = barriers_of(sorted(instruments), span, None, at)
    others = _other_holds(bookings, span)
    return [_moved(booking, barriers, others) for booking in bookings]


def made_for_of(booking: Booking) -> WallSlot | None:
    """The wall time that the booking was made for; None for one from before it was noted."""
    if booking.wall_starts_at is None or booking.wall_ends_at is None:
        return None
    return WallSlot(booking.wall_starts_at, booking.wall_ends_at)


def _moved_ids(at: datetime) -> Iterator[int]:
    """Read as columns, for there may be very many to come and hardly any that moved."""
    rows = db.session.execute(
        select(
            Booking.id,
            Booking.time_zone,
            Booking.starts_at,
            Booking.ends_at,
            Booking.wall_starts_at,
            Booking.wall_ends_at,
        )
        .where(
            Booking.state.in_(LIVE - {State.IN_USE}),
            Booking.starts_at > at,
            Booking.wall_starts_at.is_not(None),
        )
        .execution_options(yield_per=1000)
    )
    for key, where, starts_at, ends_at, wall_start, wall_end in rows:
        made_for = WallSlot(wall_start, wall_end) if wall_start and wall_end else None
        if made_for and has_moved(Interval(starts_at, ends_at), made_for, zone(where)):
            yield key


def _loaded(ids: Sequence[int]) -> list[Booking]:
    query = (
        select(Booking)
        .options(joinedload(Booking.instrument).joinedload(Instrument.facility))
        .execution_options(populate_existing=True)
    )
    bookings = [
        booking
        for first in range(0, len(ids), _BATCH)
        for booking in db.session.scalars(query.where(Booking.id.in_(ids[first : first + _BATCH])))
    ]
    return sorted(bookings, key=lambda each: (each.instrument_id, each.starts_at, each.id))


Others = Mapping[tuple[int, int | None], Sequence[tuple[str, Interval]]]


def _other_holds(bookings: Sequence[Booking], span: Interval) -> Others:
    """What is held about that time by bookings that did not move, by instrument and position."""
    rows = db.session.execute(
        select(
            Hold.instrument_id, Hold.position, Booking.reference, Hold.held_from, Hold.held_until
        )
        .join(Booking, Booking.id == Hold.booking_id)
        .where(
            Hold.instrument_id.in_({booking.instrument_id for booking in bookings}),
            Hold.held_until > span.start - _FARTHEST,
            Hold.held_from < span.end + _FARTHEST,
        )
        .order_by(Hold.held_from)
    )
    moved = {booking.reference for booking in bookings}
    found: dict[tuple[int, int | None], list[tuple[str, Interval]]] = defaultdict(list)
    for instrument_id, position, reference, start, end in rows:
        if reference not in moved:
            found[instrument_id, position].append((reference, Interval(start, end)))
    return found


def _moved(booking: Booking, barriers: Mapping[int, Barriers], others: Others) -> Moved:
    where = zone(booking.time_zone)
    now_show = wall_slot_of(booking.slot, where)
    made_for = made_for_of(booking) or now_show
    proposed = keeping_wall_time(booking.slot, made_for, where)
    held = rules_of(booking.instrument).held_by(proposed) if proposed else None
    near = others.get((booking.instrument_id, booking.position), ())
    return Moved(
        reference=booking.reference,
        instrument=booking.instrument.slug,
        time_zone=booking.time_zone,
        state=booking.state,
        slot=booking.slot,
        made_for=made_for,
        now_show=now_show,
        proposed=proposed,
        is_outside_hours=not _is_open(booking, barriers[booking.instrument_id]),
        in_the_way=tuple(name for name, taken in near if held and taken.overlaps(held)),
    )


def _is_open(booking: Booking, barriers: Barriers) -> bool:
    where = zone(booking.instrument.time_zone)
    opening = opening_of(booking.instrument.opening, where, booking.slot, barriers.openings)
    return opening == [booking.slot]
