"""Offering freed time to the first in line who fits, in the transaction that freed it.

The time never becomes visible to anybody else in between: others wait at the hold that is going away, and find the
offer's in its place. Only the entry that gets an offer is locked, and one that somebody else is at is passed by, so
that two who free time at the same moment serve two people, in order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import joinedload

from ....catalogue.models import Facility, Instrument
from ....catalogue.rules import BOOKABLE
from ....foundation.chores import claimed
from ....foundation.database import db, refer
from ....foundation.errors import DomainError
from ....foundation.interval import Interval, subtract
from ...availability.queries import availability_of, rules_of
from ...availability.slot_rules import SlotRules
from ...models import Booking
from ...rules import Seat
from ...services.requesting import offer_booking
from ...values import BookingRequest
from ..models import WaitingEntry, WaitingLine, WaitingOffer
from ..queries import claimed_entry, in_line
from ..rules import SHORTEST_ANSWER, EntryState, Outcome, answer_by, could_fit, placement

#: How many in line are looked at when time frees (the worker looks at the rest), and when a worker sweeps.
MOST_AT_ONCE, MOST_IN_SWEEP = 20, 200
#: How long after a worker looked for time of an instrument it looks again.
_BETWEEN_SWEEPS = timedelta(minutes=1)


def offer_time(
    instrument: Instrument, at: datetime, *, freed: Interval | None = None, most: int = MOST_AT_ONCE
) -> int:
    """Offer what is free in `freed` (None: at all) to those in line whom it fits, in order; returns how many offers."""
    if instrument.status not in BOOKABLE:
        return 0
    made, left = 0, [freed] if freed else None
    for entry in in_line(instrument.id, at, freed, most):
        slot = _offered(entry, instrument, at, left)
        if slot is None:
            continue
        made += 1
        if left is not None:
            left = subtract(left, [rules_of(instrument).held_by(slot)])
            if not left:
                break
    return made


def due_lines(at: datetime, besides: Collection[int] = (), *, most: int = 200) -> Sequence[int]:
    """The instruments (by id) with somebody waiting that no worker has looked at for a while, the longest first."""
    somebody = exists().where(
        WaitingEntry.instrument_id == WaitingLine.instrument_id,
        WaitingEntry.state == EntryState.WAITING,
    )
    return db.session.scalars(
        select(WaitingLine.instrument_id)
        .where(
            WaitingLine.swept_at <= at - _BETWEEN_SWEEPS,
            WaitingLine.instrument_id.not_in(besides),
            somebody,
        )
        .order_by(WaitingLine.swept_at, WaitingLine.instrument_id)
        .limit(most)
    ).all()


def sweep_line(instrument_id: int, at: datetime) -> bool:
    """The safety net: offer whatever is free of an instrument and fits somebody waiting.

    False where nothing was offered, or where another worker is at it or has just been.
    """
    line = claimed(
        select(WaitingLine).where(
            WaitingLine.instrument_id == instrument_id, WaitingLine.swept_at <= at - _BETWEEN_SWEEPS
        )
    )
    if line is None:
        return False
    line.swept_at = at
    instrument = db.session.scalars(
        select(Instrument)
        .where(Instrument.id == instrument_id)
        .options(joinedload(Instrument.facility).joinedload(Facility.host))
    ).one()
    return offer_time(instrument, at, most=MOST_IN_SWEEP) > 0


def close_over(at: datetime, *, most: int = 100) -> int:
    """End the entries whose window has passed; returns how many."""
    over = (
        select(WaitingEntry.id)
        .where(WaitingEntry.state == EntryState.WAITING, WaitingEntry.until <= at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ended = update(WaitingEntry).where(WaitingEntry.id.in_(over.scalar_subquery()))
    rows = db.session.scalars(
        ended.values(state=EntryState.OVER, changed_at=at)
        .returning(WaitingEntry.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


def _offered(
    entry: WaitingEntry, instrument: Instrument, at: datetime, left: list[Interval] | None
) -> Interval | None:
    """Offer the entry the earliest slot that fits in what is left, and tell which one it was."""
    parts: list[Interval | None] = [*left] if left is not None else [None]
    slot = next(filter(None, (_fitting_slot(entry, instrument, at, part) for part in parts)), None)
    if slot is None or claimed_entry(entry.id) is None:
        return None
    return slot if _make_offer(entry, slot, rules_of(instrument), at) else None


def _fitting_slot(
    entry: WaitingEntry, instrument: Instrument, at: datetime, part: Interval | None
) -> Interval | None:
    """Asks the database only where the hours and days of the wish could fit."""
    wish, rules = entry.wish, rules_of(instrument)
    if part is not None and not could_fit(wish, part):
        return None
    earliest = rules.bookable_from(at) + SHORTEST_ANSWER
    start, end = max(wish.window.start, earliest), min(wish.window.end, rules.bookable_until(at))
    if part is not None:
        near = part.widened(wish.length, wish.length)
        start, end = max(start, near.start), min(end, near.end)
    if end - start < wish.length:
        return None
    window = Interval(start, end)
    free = availability_of(instrument, window, at, entry.person, seat=Seat(whole=entry.whole)).free
    return placement(wish, free, rules, part)


def _make_offer(
    entry: WaitingEntry, slot: Interval, rules: SlotRules, at: datetime
) -> Booking | None:
    """None where the person may not have it any more, or somebody was quicker; nothing is written then."""
    deadline = answer_by(at, slot.start, rules.lead)
    if deadline is None:
        return None
    try:
        booking = offer_booking(_request(entry, slot), to=entry.person, until=deadline, at=at)
    except DomainError:
        return None
    offer = WaitingOffer(
        starts_at=slot.start,
        ends_at=slot.end,
        made_at=at,
        answer_by=deadline,
        outcome=Outcome.STANDING,
    )
    entry.offers.append(refer(offer, booking=booking))
    entry.state, entry.changed_at = EntryState.OFFERED, at
    db.session.flush()
    return booking


def _request(entry: WaitingEntry, slot: Interval) -> BookingRequest:
    return BookingRequest(
        instrument=entry.instrument.slug,
        starts_at=slot.start,
        ends_at=slot.end,
        access_mode=entry.access_mode,
        purpose=entry.purpose,
        project=entry.project.reference if entry.project else None,
        agreement=entry.agreement.reference if entry.agreement else None,
        whole=entry.whole,
    )
