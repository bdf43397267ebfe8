"""What every way to a slot has in common: reading it, checking it, writing it down."""

from __future__ import annotations

from datetime import datetime, timedelta

from ...catalogue.models import Instrument
from ...foundation.interval import Interval
from ...identity.models import Person
from ..availability.queries import openness_of, rules_of
from ..availability.slot_rules import Openness, SlotFault, faults_of
from ..errors import EndBeforeStart, SlotUnfit, UnknownPosition
from ..models import Booking
from ..rules import Seat

#: No instrument gives so much at once, whatever its rules say: its calendar is not worked out over centuries.
_LONGEST = timedelta(days=366)


def interval_of(starts_at: datetime, ends_at: datetime) -> Interval:
    """Raises EndBeforeStart, and SlotUnfit for more than a year."""
    if ends_at <= starts_at:
        raise EndBeforeStart()
    if ends_at - starts_at > _LONGEST:
        raise SlotUnfit([SlotFault.TOO_LONG])
    return Interval(starts_at, ends_at)


def seat_on(instrument: Instrument, seat: Seat) -> Seat:
    """The seat, where the instrument has it; of one position, all of it is the same as any. Raises UnknownPosition."""
    if seat.position is not None and not 1 <= seat.position <= instrument.positions:
        raise UnknownPosition()
    return seat if instrument.positions > 1 else Seat()


def check_slot(
    slot: Interval,
    instrument: Instrument,
    at: datetime,
    whom: Person,
    *,
    own: Interval | None = None,
    openness: Openness | None = None,
) -> None:
    """Raises SlotUnfit where the slot breaks the instrument's rules or meets a closure to `whom`.

    Inside time that is theirs already (`own`) nobody needs to ask further ahead. `openness` spares reading it.
    """
    rules = rules_of(instrument)
    openness = openness or openness_of(instrument, rules.held_by(slot), whom, at)
    faults = faults_of(slot, rules, openness, at)
    if own is not None and own.contains(slot):
        faults = [fault for fault in faults if fault is not SlotFault.TOO_SOON]
    if faults:
        raise SlotUnfit(faults)


def place(booking: Booking, instrument: Instrument, slot: Interval, seat: Seat) -> None:
    """Write down when and where the booking takes place; what it holds stays as it is."""
    held = rules_of(instrument).held_by(slot)
    booking.seat = seat
    booking.starts_at, booking.ends_at = slot.start, slot.end
    booking.held_from, booking.held_until = held.start, held.end
