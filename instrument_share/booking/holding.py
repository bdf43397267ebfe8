"""Taking and letting go of time on an instrument. The database's guard stands behind every line of this."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, exists, select

from ..catalogue.models import Instrument
from ..foundation.database import UtcDateTime, db, engine_name
from ..foundation.interval import Interval
from ..foundation.upsert import INSERT
from .errors import SlotTaken
from .models import Booking, Hold
from .rules import Seat


def free_positions(instrument: Instrument, held: Interval) -> list[int]:
    """The positions on which nothing is held during `held`, lowest first."""
    given = {"instrument": instrument.id, "since": held.start, "until": held.end}
    with db.session.no_autoflush:  # who comes too late writes nothing at all
        return free_among(instrument, db.session.scalars(_TAKEN, given).all())


def free_among(instrument: Instrument, taken: Collection[int]) -> list[int]:
    """The positions that are not `taken`, lowest first."""
    return [each for each in range(1, instrument.positions + 1) if each not in taken]


def hold_slot(
    booking: Booking,
    instrument: Instrument,
    held: Interval,
    *,
    rather: int | None = None,
    free: Sequence[int] | None = None,
) -> None:
    """Take `held` for the booking where it wants to be: on its position, on any, or on all of the instrument.

    Of any it gets the one that it would `rather` have, else the lowest that is `free` (read now, unless it was).
    Raises SlotTaken. Whoever asks at the same moment for the last position loses quietly: the insert writes nothing
    where the time was taken meanwhile, instead of running into the guard (which stalls under contention).
    """
    free = free_positions(instrument, held) if free is None else free
    booking.held_from, booking.held_until = held.start, held.end
    for choice in choices_of(booking.seat, free, instrument.positions, rather):
        booking.position = choice[0]
        db.session.flush()  # the hold refers to the booking's row
        if all(_insert(booking, position, held) for position in choice):
            return
    raise SlotTaken(instrument.id, booking.slot, booking.seat)


def exchange_hold(booking: Booking, instrument: Instrument, held: Interval) -> None:
    """Take `held` instead of what the booking holds, which is not in its way. Raises SlotTaken.

    Others see either the old time taken or the new one, never neither: both change with the transaction, and whoever
    reaches for the old time meanwhile is refused. Who calls this keeps a savepoint, to which a refusal returns.
    """
    rather = booking.position
    release_hold(booking)
    try:
        hold_slot(booking, instrument, held, rather=rather)
    except SlotTaken as taken:
        taken.mover = booking.id
        raise


def release_hold(booking: Booking) -> None:
    """Let go of the booking's time; nothing happens where it holds none.

    It stands in `booking.let_go` for whoever hears of the change.
    """
    gone = delete(Hold).where(Hold.booking_id == booking.id)
    freed = db.session.execute(gone.returning(Hold.held_from, Hold.held_until)).first()
    booking.let_go = Interval(*freed) if freed else None
    booking.position = None


def choices_of(
    seat: Seat, free: Sequence[int], positions: int, rather: int | None = None
) -> list[list[int]]:
    """The sets of free positions that would do for `seat`, the best first."""
    if seat.whole:
        return [[*free]] if len(free) == positions else []
    wanted = [each for each in free if seat.position in (None, each)]
    return [[each] for each in sorted(wanted, key=lambda each: (each != rather, each))]


def _insert(booking: Booking, position: int, held: Interval) -> bool:
    given = {
        "instrument": booking.instrument_id, "place": position,
        "since": held.start, "until": held.end, "booking": booking.id,
    }  # fmt: skip
    statement = _HOLD[engine_name()]
    return db.session.scalar(statement, given) is not None


_hold = Hold.__table__.c
INSTRUMENT = bindparam("instrument", type_=_hold.instrument_id.type)
_PLACE = bindparam("place", type_=_hold.position.type)
_SINCE, _UNTIL = (bindparam(name, type_=UtcDateTime) for name in ("since", "until"))
#: Of an instrument, from `:since` to `:until`.
HOLDS_OVERLAP = and_(
    _hold.instrument_id == INSTRUMENT, _hold.held_from < _UNTIL, _hold.held_until > _SINCE
)
_TAKEN = select(_hold.position).where(HOLDS_OVERLAP)


def _holding() -> Select[*tuple[Any, ...]]:
    """The row of a new hold, unless the time is taken."""
    booking = bindparam("booking", type_=_hold.booking_id.type)
    taken = exists().where(HOLDS_OVERLAP, _hold.position == _PLACE)
    return select(INSTRUMENT, _PLACE, _SINCE, _UNTIL, booking).where(~taken)


_COLUMNS = ["instrument_id", "position", "held_from", "held_until", "booking_id"]
_HOLD = {
    dialect: insert(Hold.__table__)
    .from_select(_COLUMNS, _holding())
    .on_conflict_do_nothing()
    .returning(_hold.id)
    for dialect, insert in INSERT.items()
}
