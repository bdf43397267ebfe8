"""How the machine of test_machine.py acts: the model says what must come of a command, and hears what did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from sqlalchemy import select

from instrument_share.accounting.verification import findings
from instrument_share.booking.errors import EndBeforeStart, SlotTaken, SlotUnfit, WrongState
from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.rules import LIFECYCLE, Action, State
from instrument_share.booking.waiting.models import WaitingEntry
from instrument_share.booking.waiting.rules import SHORTEST_ANSWER
from instrument_share.catalogue.outside import services as outside
from instrument_share.foundation.database import db
from instrument_share.foundation.interval import Interval
from instrument_share.identity.models import Person
from instrument_share.schedule.models import Calendar
from tests.support.builders import make_agreement
from tests.support.scene import Scene, make_scene

from .plain_model import CELL, PlainBooking, PlainInstrument

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, OPENS, CLOSES = 2, 8, 18
QUOTA = 480
DAY = timedelta(days=1)
HOURS = {day: ["08:00-18:00"] for day in ("mon", "tue")}


class ActingHouse(RuleBasedStateMachine):
    """One instrument of two positions, four people, two days."""

    #: Since the laws were last looked at. What is refused is rolled back, so there is nothing new to look at.
    something_was_done = False

    @initialize(positions=st.integers(1, 2), setup=st.integers(0, 1), teardown=st.integers(0, 2))
    def begin(self, positions: int, setup: int, teardown: int) -> None:
        self.savepoint = db.session.begin_nested()
        self.scene = self._scene(positions, setup, teardown)
        self.agreement = make_agreement(
            self.scene.instrument.facility.host,
            self.scene.applicant.institution,
            yearly_minutes=QUOTA,
        )
        self.model = PlainInstrument(
            first=MONDAY, days=DAYS, opens=OPENS, closes=CLOSES, positions=positions,
            shortest=CELL, longest=6 * CELL, setup=setup * CELL, teardown=teardown * CELL,
        )  # fmt: skip
        self.at = MONDAY - timedelta(days=1)
        self.outside = outside.subscribe(
            self.scene.instrument.slug, "https://calendar.example/lab.ics", {"en": "Lab"},
            by=self.scene.manager, at=self.at,
        )  # fmt: skip
        self.version = self._calendar_version()
        self.something_was_done = True

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            assert list(findings()) == []  # the ledgers, after everything
            self.savepoint.rollback()
            db.session.expire_all()

    def _scene(self, positions: int, setup: int, teardown: int) -> Scene:
        scene = make_scene(
            positions=positions, setup_minutes=setup * 30, teardown_minutes=teardown * 30,
            longest_minutes=180, opening=HOURS,
        )  # fmt: skip
        scene.instrument.facility.time_zone = "UTC"
        db.session.flush()
        return scene

    def _refusal(
        self,
        start: datetime,
        end: datetime,
        *,
        whole: bool,
        holds: bool,
        besides: str | None = None,
    ) -> type[Exception] | None:
        """What the house must answer to a slot, as the model sees it."""
        if end <= start:
            return EndBeforeStart
        if not self.model.fits(start, end, self.at):
            return SlotUnfit
        free = self.model.free_positions(start, end, besides)
        needed = self.model.positions if whole else 1
        return SlotTaken if holds and len(free) < needed else None

    def _decide(
        self, place: int, action: Action, state: str, service: Callable[..., Booking]
    ) -> None:
        """By whoever's turn it is."""
        booking = self._chosen(place)
        if booking is None:
            return
        pending = next((step for step in booking.steps if step.status == "pending"), None)
        is_office = pending is not None and pending.role == "international_office"
        by = self.scene.office if is_office else self.scene.manager
        self._act(place, action, state, service, by=by, comment="because")

    def _act(
        self,
        place: int,
        action: Action,
        state: str | None,
        service: Callable[..., Booking],
        refusal: Callable[[PlainBooking, Booking], type[Exception] | None] = lambda *_: None,
        *,
        by: Person | None = None,
        slot: tuple[datetime, datetime] | None = None,
        **values: Any,
    ) -> None:
        """Do `action` with one of the bookings; the model says what must come of it."""
        booking = self._chosen(place)
        if booking is None:
            return
        known = self.model.bookings[booking.reference]
        if (State(known.state), action) not in LIFECYCLE:
            expected: type[Exception] | None = WrongState
        else:
            expected = refusal(known, booking)
        with self._expected(expected):
            was = known.state
            after = service(
                booking.reference, by=by or self.scene.applicant, at=self.at,
                version=booking.version, **values,
            )  # fmt: skip
            if slot:
                known.start, known.end = slot
            self._note(
                after, state or after.state, changed=was != "draft" or after.state != "draft"
            )

    def _note(self, booking: Booking, state: str, *, changed: bool) -> None:
        """Write into the model what the house answered; its calendar must have risen with a visible change."""
        known = self.model.bookings[booking.reference]
        assert booking.state == state
        known.state = state
        if not known.is_live:
            known.positions = frozenset()
        else:
            rows = select(Hold.position).where(Hold.booking_id == booking.id)
            known.positions = frozenset(db.session.scalars(rows))
            assert len(known.positions) == (self.model.positions if booking.whole else 1)
            assert known.positions <= self.model.free_positions(
                known.start, known.end, booking.reference
            )
        version = self._calendar_version()
        assert not changed or version > self.version
        self.version = version

    def _note_offers(self) -> None:
        """Take over the offers that the house made: each is of time that could be had, and one at most an entry."""
        query = select(Booking).where(Booking.state == "offered").order_by(Booking.id)
        for booking in db.session.scalars(query):
            if booking.reference in self.model.bookings:
                continue
            assert booking.hold_expires_at is not None
            assert self.model.fits(booking.starts_at, booking.ends_at, self.at)
            self.model.bookings[booking.reference] = PlainBooking(
                "draft", booking.starts_at, booking.ends_at, answer_by=booking.hold_expires_at
            )
            self._note(booking, "offered", changed=False)

    def _could_be_offered(self) -> list[str]:
        """Those who wait although time that they wish for can be had, after the house looked for some."""
        found = []
        for entry in db.session.scalars(
            select(WaitingEntry).where(WaitingEntry.state == "waiting")
        ):
            wish = entry.wish
            for start, end in self.model.bookable(self.at, whole=entry.whole):
                slot = Interval(start, end)
                if (
                    slot.duration == wish.length
                    and wish.window.contains(slot)
                    and start - self.at >= SHORTEST_ANSWER
                    and not any(slot.overlaps(passed) for passed in wish.passed)
                ):
                    found.append(entry.reference)
        return found

    @contextmanager
    def _expected(self, refusal: type[Exception] | None) -> Iterator[None]:
        """The command fails by exactly this, and then leaves nothing behind."""
        before = db.session.begin_nested()
        try:
            if refusal is None:
                self.something_was_done = True
                yield
            else:
                with pytest.raises(refusal):
                    yield
        finally:
            if before.is_active:
                before.commit() if refusal is None else before.rollback()
        self._note_offers()

    def _chosen(self, place: int) -> Booking | None:
        known = list(self.model.bookings)
        return self._booking(known[place % len(known)]) if known else None

    def _booking(self, reference: str) -> Booking:
        return db.session.scalars(select(Booking).where(Booking.reference == reference)).one()

    def _calendar_version(self) -> int:
        key = f"instrument:{self.scene.instrument.id}"
        return db.session.scalar(select(Calendar.version).where(Calendar.key == key)) or 0
