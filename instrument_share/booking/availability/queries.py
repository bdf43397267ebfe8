"""What is open, taken and free of instruments that are at hand: two queries, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ...catalogue.models import Instrument
from ...catalogue.rules import BOOKABLE
from ...foundation.interval import Interval
from ...foundation.spans import interval_of, span_around
from ...identity.models import Person
from ..rules import ANYWHERE, Seat
from .barriers import Barriers, barriers_of
from .free_time import Availability, busy_stretches, free_stretches
from .holds import Held, held_on, places_of
from .opening import open_in
from .patterns import hours_of_instrument, rules_of
from .seats import seen_from
from .slot_rules import Openness

__all__ = ["availability_of", "availability_of_all", "held_of", "openness_of", "rules_of"]


def openness_of(
    instrument: Instrument, window: Interval, whom: Person | None, at: datetime
) -> Openness:
    """When the instrument is open and closed to `whom` in a window, as it stands at the moment `at`."""
    barriers = barriers_of([instrument.id], window, whom, at)[instrument.id]
    return openness_behind(barriers, instrument, window)


def openness_behind(barriers: Barriers, instrument: Instrument, window: Interval) -> Openness:
    """The same where the barriers were read."""
    opening = open_in(hours_of_instrument(instrument), window, barriers.openings)
    return Openness(opening, barriers.closures)


def held_of(instrument: Instrument, window: Interval) -> dict[int, list[Interval]]:
    """What is taken of an instrument in a window, by position."""
    return _by_position(instrument, _held([instrument], window, None))


def availability_of(
    instrument: Instrument,
    window: Interval,
    at: datetime,
    whom: Person | None,
    *,
    seat: Seat = ANYWHERE,
    mover: int | None = None,
) -> Availability:
    """What `whom` can have of an instrument in a window, and what is taken.

    `seat` asks about one position, or about all of them at once. What `mover`, a booking (by id) that is to be moved,
    holds itself is not in its way.
    """
    return availability_of_all([instrument], window, at, whom, seat=seat, mover=mover)[
        instrument.id
    ]


def availability_and_barriers(
    instrument: Instrument,
    window: Interval,
    at: datetime,
    whom: Person | None,
    *,
    seat: Seat = ANYWHERE,
    mover: int | None = None,
) -> tuple[Availability, Barriers]:
    """The same, with the barriers that stand before `whom`, for telling why."""
    margin = _widest([instrument])
    wide = window.widened(margin, margin)
    held = _held([instrument], wide, mover)
    barriers = barriers_of([instrument.id], wide, whom, at)[instrument.id]
    return _availability(instrument, window, wide, barriers, held, at, seat), barriers


def availability_of_all(
    instruments: Sequence[Instrument],
    window: Interval,
    at: datetime,
    whom: Person | None,
    *,
    seat: Seat = ANYWHERE,
    mover: int | None = None,
) -> dict[int, Availability]:
    """The same for several instruments (with their facilities loaded) in two queries, four where time is blocked."""
    if not instruments:
        return {}
    wide = window.widened(_widest(instruments), _widest(instruments))
    held = _held(instruments, wide, mover)
    barriers = barriers_of([instrument.id for instrument in instruments], wide, whom, at)
    return {
        each.id: _availability(each, window, wide, barriers[each.id], held, at, seat)
        for each in instruments
    }


def availability_of_seats(
    instrument: Instrument,
    window: Interval,
    at: datetime,
    whom: Person | None,
    seats: Sequence[Seat],
    *,
    mover: int | None = None,
) -> list[Availability]:
    """What `whom` can have of an instrument on each of these seats, in two queries."""
    margin = _widest([instrument])
    wide = window.widened(margin, margin)
    held = _held([instrument], wide, mover)
    barriers = barriers_of([instrument.id], wide, whom, at)[instrument.id]
    return [_availability(instrument, window, wide, barriers, held, at, seat) for seat in seats]


def _availability(
    instrument: Instrument,
    window: Interval,
    wide: Interval,
    barriers: Barriers,
    held: Held,
    at: datetime,
    seat: Seat,
) -> Availability:
    rules, openness = rules_of(instrument), openness_behind(barriers, instrument, wide)
    taken, positions = seen_from(seat, _by_position(instrument, held), instrument.positions)
    busy = busy_stretches(window, openness.closures, taken, positions)
    if instrument.status not in BOOKABLE:
        return Availability([], busy)
    return Availability(free_stretches(window, rules, openness, taken, positions, at), busy)


def _held(instruments: Sequence[Instrument], window: Interval, mover: int | None) -> Held:
    places = [place for each in instruments for place in places_of(each.id, each.positions)]
    return held_on(places, span_around(window), besides=mover)


def _by_position(instrument: Instrument, held: Held) -> dict[int, list[Interval]]:
    places = places_of(instrument.id, instrument.positions)
    return {
        position: [interval_of(span) for span in held.get(place, ())]
        for position, place in enumerate(places, 1)
    }


def _widest(instruments: Sequence[Instrument]) -> timedelta:
    """How far outside a window something can lie and still matter inside: setup, teardown and one grid step."""
    most = max(max(i.setup_minutes, i.teardown_minutes, i.granularity_minutes) for i in instruments)
    return timedelta(minutes=2 * most)
