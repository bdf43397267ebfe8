"""Does what the search relies on agree with what it was made of, and what is shown as free with what can be had?

For `instrument-share check --availability`. Everything is computed a second time in the plainest way there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from ...catalogue.free_time import Wish
from ...catalogue.models import Instrument
from ...catalogue.rules import BOOKABLE
from ...foundation.database import db
from ...foundation.interval import Interval
from ..models import Booking, Hold
from ..rules import LIVE
from .free_time import Availability
from .holds import REACHES
from .queries import availability_of_all, openness_of, rules_of
from .search import first_free_of
from .slot_rules import SlotRules, faults_of

_AHEAD = timedelta(days=14)
_BATCH = 50
#: What an instrument's slot key is made of.
_KEYED = (
    "positions", "granularity_minutes", "shortest_minutes", "longest_minutes", "setup_minutes",
    "teardown_minutes", "lead_minutes", "horizon_days", "opening", "holiday_territory", "holiday_opening",
)  # fmt: skip


def differences(at: datetime, sample: int | None) -> Iterator[str]:
    """A sentence for each thing that does not agree; `sample` bounds how many instruments are computed anew."""
    yield from _holds_of_another_class()
    yield from _instruments_of_another_key()
    yield from _holds_without_their_booking()
    yield from _bookings_without_their_hold()
    ids = db.session.scalars(
        select(Instrument.id)
        .where(Instrument.status.in_(BOOKABLE))
        .order_by(func.random())
        .limit(sample)
    ).all()
    for first in range(0, len(ids), _BATCH):
        yield from _shown_otherwise(sorted(ids[first : first + _BATCH]), at)


def _holds_of_another_class() -> Iterator[str]:
    query = select(Hold.id, Hold.reach, Hold.held_from, Hold.held_until).execution_options(
        yield_per=5000
    )
    for id_, reach, start, end in db.session.execute(query):
        fitting = next(n for n, most in enumerate(REACHES) if most is None or end - start <= most)
        if reach != fitting:
            yield f"hold {id_} is filed under class {reach} of lengths and belongs to {fitting}."


def _instruments_of_another_key() -> Iterator[str]:
    """Instruments that share a key but not everything that it stands for."""
    columns = [getattr(Instrument, name) for name in _KEYED]
    first: dict[str | None, tuple[str, tuple[object, ...]]] = {}
    query = select(Instrument.slot_key, Instrument.slug, *columns).order_by(Instrument.id)
    for key, slug, *values in db.session.execute(query):
        other, theirs = first.setdefault(key, (slug, tuple(values)))
        if key is None or theirs != tuple(values):
            yield f"instrument {slug} has the key of {other}, but not its hours and rules."


def _holds_without_their_booking() -> Iterator[str]:
    query = (
        select(Hold.id, Booking.reference)
        .join(Booking, Booking.id == Hold.booking_id)
        .where(
            Booking.state.not_in(LIVE)
            | (Booking.instrument_id != Hold.instrument_id)
            | (Booking.held_from != Hold.held_from)
            | (Booking.held_until != Hold.held_until)
        )
    )
    for id_, reference in db.session.execute(query):
        yield f"hold {id_} is not what booking {reference} holds."


def _bookings_without_their_hold() -> Iterator[str]:
    query = select(Booking.reference).where(
        Booking.state.in_(LIVE), ~select(Hold.id).where(Hold.booking_id == Booking.id).exists()
    )
    for reference in db.session.scalars(query):
        yield f"booking {reference} holds no time."


def _shown_otherwise(ids: Sequence[int], at: datetime) -> Iterator[str]:
    window = Interval(at, at + _AHEAD)
    query = (
        select(Instrument).options(joinedload(Instrument.facility)).where(Instrument.id.in_(ids))
    )
    instruments = db.session.scalars(query).all()
    shown = availability_of_all(instruments, window, at, None)
    first = first_free_of(ids, Wish(window, 1, at, None))
    for each in instruments:
        yield from _otherwise(each, shown[each.id], first.get(each.id), window, at)


def _otherwise(
    instrument: Instrument,
    shown: Availability,
    first: datetime | None,
    window: Interval,
    at: datetime,
) -> Iterator[str]:
    """The first slot of the shortest length on which page and check disagree, and a first free time that is none."""
    rules, earliest = rules_of(instrument), None
    can_be_had = _Judge(instrument, rules, window, at)
    for slot in _shortest_slots(rules, window):
        is_free = can_be_had(slot)
        earliest = earliest or (slot.start if is_free else None)
        if is_free != any(stretch.contains(slot) for stretch in shown.free):
            told = (
                "can be had and is not shown" if is_free else "is shown as free and cannot be had"
            )
            yield f"{instrument.slug}: {slot.start:%Y-%m-%d %H:%M} UTC {told}."
            return
    if earliest != first:
        yield f"{instrument.slug}: the search calls it first free at {first}, and it is at {earliest}."


class _Judge:
    """Whether a slot can be had, by its faults and by every single hold."""

    def __init__(
        self, instrument: Instrument, rules: SlotRules, window: Interval, at: datetime
    ) -> None:
        self._rules, self._at, self._positions = rules, at, instrument.positions
        wide = window.widened(rules.setup + rules.granularity, rules.teardown + rules.granularity)
        self._openness = openness_of(instrument, wide, None, at)
        query = select(Hold.position, Hold.held_from, Hold.held_until)
        self._holds = db.session.execute(query.where(Hold.instrument_id == instrument.id)).all()

    def __call__(self, slot: Interval) -> bool:
        held = self._rules.held_by(slot)
        taken = {
            position
            for position, start, end in self._holds
            if start < held.end and held.start < end
        }
        is_taken = len(taken) >= self._positions
        return not is_taken and not faults_of(slot, self._rules, self._openness, self._at)


def _shortest_slots(rules: SlotRules, window: Interval) -> Iterator[Interval]:
    start = rules.next_on_grid(window.start)
    while (end := rules.next_on_grid(start + rules.shortest)) <= window.end:
        yield Interval(start, end)
        start = rules.next_on_grid(start + timedelta(minutes=1))
