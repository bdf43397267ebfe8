"""Answering an offer, leaving the list, and what an offer's end means for the entry."""

from __future__ import annotations

from datetime import datetime

from ....foundation.database import db
from ....identity import audit
from ....identity.models import Person
from ...models import Booking
from ...queries import booking_for
from ...rules import State
from ...services import ending, requesting
from ..errors import NothingOffered, NotWaiting
from ..models import WaitingEntry
from ..queries import entry_of, offered_entry
from ..rules import STANDING, EntryState, Outcome, state_after


def accept(reference: str, *, by: Person, at: datetime) -> WaitingEntry:
    """Take the time that is offered: its booking is sent like any request. Raises NothingOffered, and as `submit`."""
    requesting.submit(_offered_booking(reference, by), by=by, at=at, version=None)
    return entry_of(by, reference)


def decline(reference: str, *, by: Person, at: datetime) -> WaitingEntry:
    """Let the offered time go to the next in line. Raises NothingOffered."""
    offered = _offered_booking(reference, by)
    if booking_for(by, offered, to_change=True).state != State.OFFERED:
        raise NothingOffered()  # accepted at this very moment
    ending.cancel(offered, by=by, at=at, version=None)
    return entry_of(by, reference)


def leave(reference: str, *, by: Person, at: datetime) -> WaitingEntry:
    """Wait no longer; time that is offered goes to the next in line. Raises NotFound and NotWaiting."""
    offer = entry_of(by, reference).standing_offer
    if offer:  # the booking is locked before the entry, as wherever both are
        if booking_for(by, offer.booking.reference, to_change=True).state != State.OFFERED:
            raise NotWaiting()  # accepted at this very moment
        ending.cancel(offer.booking.reference, by=by, at=at, version=None)
    entry = entry_of(by, reference, to_change=True)
    if entry.state not in STANDING and not offer:
        raise NotWaiting()
    entry.state, entry.changed_at = EntryState.LEFT, at
    audit.record("waiting.leave", "waiting_entry", reference, by=by.id, at=at)
    db.session.flush()
    return entry


def settle_offer(booking: Booking, outcome: Outcome, at: datetime) -> None:
    """Write down what came of an offer and where its entry goes from there."""
    entry = offered_entry(booking.id)
    offer = entry.standing_offer if entry else None
    if entry is None or offer is None or offer.booking_id != booking.id:
        return
    offer.outcome = outcome
    entry.missed += outcome is Outcome.MISSED
    entry.state = state_after(outcome, entry.missed, entry.wish, at)
    entry.changed_at = at
    db.session.flush()


def _offered_booking(reference: str, by: Person) -> str:
    offer = entry_of(by, reference).standing_offer
    if offer is None:
        raise NothingOffered()
    return offer.booking.reference
