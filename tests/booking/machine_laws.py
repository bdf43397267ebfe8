"""What holds after every command of test_machine.py, whatever it was."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from hypothesis.stateful import invariant
from sqlalchemy import select

from instrument_share.accounting.ledger import quotas_of
from instrument_share.booking.availability.queries import availability_of
from instrument_share.booking.availability.search import first_free_of, free_among
from instrument_share.booking.models import Booking, Hold
from instrument_share.catalogue.free_time import Wish
from instrument_share.foundation.database import db
from instrument_share.foundation.interval import Interval

from .machine_acting import DAYS, MONDAY, ActingHouse
from .plain_model import CELL, slots_in


class LawfulHouse(ActingHouse):
    """The house beside its laws: holds are the live bookings, what is shown free can be had, quotas add up."""

    @invariant()
    def laws_hold(self) -> None:
        if self.something_was_done:
            self._holds_are_the_live_bookings()
            self._shown_free_is_bookable()
            self._quotas_are_what_bookings_take()
            self.something_was_done = False

    def _holds_are_the_live_bookings(self) -> None:
        held: dict[str, set[int]] = defaultdict(set)
        columns = (Booking.reference, Booking.state, Hold.position, Hold.held_from, Hold.held_until)
        for reference, state, position, start, end in db.session.execute(
            select(*columns).join(Hold, Hold.booking_id == Booking.id)
        ):
            known = self.model.bookings[reference]
            assert state == known.state
            assert (start, end) == (
                known.start - self.model.setup, known.end + self.model.teardown
            )  # fmt: skip
            held[reference].add(position)
        live = {key: known.positions for key, known in self.model.bookings.items() if known.is_live}
        assert held == live

    def _shown_free_is_bookable(self) -> None:
        window = Interval(MONDAY, MONDAY + timedelta(days=DAYS))
        shown = availability_of(self.scene.instrument, window, self.at, self.scene.applicant).free
        slots = slots_in(
            [(free.start, free.end) for free in shown], self.model.shortest, self.model.longest
        )
        bookable = self.model.bookable(self.at)
        assert slots == bookable
        self._search_agrees(window, bookable)

    def _quotas_are_what_bookings_take(self) -> None:
        quota = quotas_of([self.agreement.id], MONDAY.year)[self.agreement.id]
        assert quota.used + quota.reserved == self.model.minutes_taken()

    def _search_agrees(self, window: Interval, bookable: set[tuple[datetime, datetime]]) -> None:
        """The search finds the instrument exactly when it is free: anywhere in a window, and in a given slot."""
        key, whom = self.scene.instrument.id, self.scene.applicant
        for minutes in (30, 150):
            length = timedelta(minutes=minutes)
            firsts = [start for start, end in bookable if end - start >= length]
            found = first_free_of([key], Wish(window, minutes, self.at, whom))
            assert found == ({key: min(firsts)} if firsts else {})
        slot = (MONDAY + 20 * CELL, MONDAY + 24 * CELL)
        hits = free_among(None, Wish(Interval(*slot), 120, self.at, whom))
        assert (key in hits) == (slot in bookable)
