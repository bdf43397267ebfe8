"""Every command in any order, against a plain model: what is shown free can be had, nothing overlaps, books balance."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlalchemy import select

from instrument_share.accounting.errors import QuotaExhausted
from instrument_share.booking import services
from instrument_share.booking.errors import EndBeforeStart, TooEarlyToStart, WrongState
from instrument_share.booking.models import Booking
from instrument_share.booking.rules import Action
from instrument_share.booking.series.errors import NothingLeft, SeriesConflict
from instrument_share.booking.series.planning import OnConflict
from instrument_share.booking.series.services import create_series
from instrument_share.booking.series.values import SeriesRequest
from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.errors import AlreadyWaiting, WaitingListFull
from instrument_share.booking.waiting.values import JoinRequest
from instrument_share.catalogue.closing import services as closing
from instrument_share.catalogue.outside import services as outside
from instrument_share.catalogue.outside.fetching import Known
from instrument_share.catalogue.rules import ExceptionKind
from instrument_share.catalogue.values import Plan
from instrument_share.foundation.database import db
from instrument_share.foundation.errors import Forbidden, InvalidInput
from instrument_share.foundation.interval import Interval
from tests.support.builders import request_for

from .machine_acting import DAY, DAYS, MONDAY, QUOTA
from .machine_laws import LawfulHouse
from .plain_model import CELL, PlainBooking

#: Examples and steps of each make 2,000 commands on each database.
EXAMPLES, STEPS = 40, 50
starts = st.integers(0, DAYS * 48 - 1).map(lambda cell: MONDAY + cell * CELL)
lengths = st.integers(0, 8).map(lambda cells: cells * CELL)
places = st.integers(0, 20)


class House(LawfulHouse):
    """Everything that people, the worker and outside calendars do to it."""

    @rule(start=starts, length=lengths, whole=st.booleans(), sends=st.booleans())
    def ask(self, start: datetime, length: timedelta, whole: bool, sends: bool) -> None:
        end = start + length
        wanted = request_for(
            self.scene.instrument, start, length / timedelta(hours=1),
            whole=whole, agreement=self.agreement.reference,
        )  # fmt: skip
        refusal = self._refusal(start, end, whole=whole, holds=sends)
        service = services.request_booking if sends else services.create_draft
        with self._expected(refusal):
            booking = service(wanted, by=self.scene.applicant, at=self.at)
            self.model.bookings[booking.reference] = PlainBooking("draft", start, end)
            self._note(booking, "submitted" if sends else "draft", changed=sends)

    @rule(start=starts, length=lengths, skips=st.booleans())
    def ask_for_both_days(self, start: datetime, length: timedelta, skips: bool) -> None:
        """A series: every occurrence that can be had, or none."""
        slots = [(start + n * DAY, start + n * DAY + length) for n in range(2)]
        faults = [self._refusal(*slot, whole=False, holds=True) for slot in slots]
        refusal: type[Exception] | None = None
        if EndBeforeStart in faults:
            refusal = EndBeforeStart
        elif not skips and any(faults):
            refusal = SeriesConflict
        elif all(faults):
            refusal = NothingLeft
        first = request_for(
            self.scene.instrument, start, length / timedelta(hours=1),
            agreement=self.agreement.reference,
        )  # fmt: skip
        wanted = SeriesRequest(
            first, "FREQ=DAILY;COUNT=2", OnConflict.SKIP if skips else OnConflict.STOP
        )
        with self._expected(refusal):
            made, told = create_series(wanted, by=self.scene.applicant, at=self.at)
            assert [each.taken is None for each in told] == [fault is not None for fault in faults]
            rows = select(Booking).where(Booking.series_id == made.id).order_by(Booking.starts_at)
            for booking in db.session.scalars(rows):
                known = PlainBooking("draft", booking.starts_at, booking.ends_at)
                assert (known.start, known.end) in slots
                self.model.bookings[booking.reference] = known
                self._note(booking, "submitted", changed=False)

    @rule(start=starts, hours=st.integers(1, 30), length=lengths, whole=st.booleans())
    def wait(self, start: datetime, hours: int, length: timedelta, whole: bool) -> None:
        """Stand in line for any time of that length in a window."""
        wish = JoinRequest(
            instrument=self.scene.instrument.slug, access_mode="on_site", purpose="any time",
            since=start, until=start + timedelta(hours=hours),
            minutes=length // timedelta(minutes=1), time_zone="UTC", whole=whole,
            agreement=self.agreement.reference,
        )  # fmt: skip
        self.something_was_done = True
        with suppress(InvalidInput, AlreadyWaiting, WaitingListFull), db.session.begin_nested():
            waiting.join(wish, by=self.scene.applicant, at=self.at)

    @rule(place=places)
    def submit(self, place: int) -> None:
        def refusal(known: PlainBooking, booking: Booking) -> type[Exception] | None:
            if known.is_live:
                return None
            return self._refusal(known.start, known.end, whole=booking.whole, holds=True)

        self._act(place, Action.SUBMIT, "submitted", services.submit, refusal)

    @rule(place=places, start=starts, length=lengths)
    def reschedule(self, place: int, start: datetime, length: timedelta) -> None:
        end = start + length

        def refusal(known: PlainBooking, booking: Booking) -> type[Exception] | None:
            if known.state in ("submitted", "confirmed") and known.start <= self.at:
                return WrongState
            return self._refusal(
                start, end, whole=booking.whole, holds=known.is_live, besides=booking.reference
            )

        def move(reference: str, **values: Any) -> Booking:
            return services.reschedule(reference, starts_at=start, ends_at=end, **values)

        self._act(place, Action.RESCHEDULE, None, move, refusal, slot=(start, end))

    @rule(place=places, office=st.booleans())
    def approve(self, place: int, office: bool) -> None:
        by = self.scene.office if office else self.scene.manager

        def refusal(known: PlainBooking, booking: Booking) -> type[Exception] | None:
            pending = next(step for step in booking.steps if step.status == "pending")
            if (pending.role == "international_office") != office:
                return Forbidden
            is_last = not any(step.status == "waiting" for step in booking.steps)
            minutes = (known.end - known.start) // timedelta(minutes=1)
            return (
                QuotaExhausted if is_last and self.model.minutes_taken() + minutes > QUOTA else None
            )

        self._act(place, Action.APPROVE, None, services.approve, refusal, by=by)

    @rule(place=places)
    def reject(self, place: int) -> None:
        self._decide(place, Action.REJECT, "rejected", services.reject)

    @rule(place=places)
    def request_changes(self, place: int) -> None:
        self._decide(place, Action.REQUEST_CHANGES, "changes_requested", services.request_changes)

    @rule(place=places)
    def withdraw(self, place: int) -> None:
        self._act(place, Action.WITHDRAW, "draft", services.withdraw)

    @rule(place=places)
    def cancel(self, place: int) -> None:
        self._act(place, Action.CANCEL, "cancelled", services.cancel)

    @rule(place=places)
    def start(self, place: int) -> None:
        def refusal(known: PlainBooking, _: Booking) -> type[Exception] | None:
            return TooEarlyToStart if self.at < known.start - CELL else None

        self._act(place, Action.START, "in_use", services.start, refusal, by=self.scene.operator)

    @rule(place=places, minutes=st.integers(1, 200))
    def finish(self, place: int, minutes: int) -> None:
        booking = self._chosen(place)
        if booking is None:
            return
        if booking.state == "in_use":
            self._to(self.at + timedelta(minutes=minutes))
        self._act(place, Action.FINISH, "completed", services.finish, by=self.scene.operator)
        known = self.model.bookings[booking.reference]
        if known.state == "completed" and booking.started_at and booking.ended_at:
            known.used = (booking.ended_at - booking.started_at) // timedelta(minutes=1)

    @rule(place=places)
    def mark_no_show(self, place: int) -> None:
        def refusal(known: PlainBooking, _: Booking) -> type[Exception] | None:
            return TooEarlyToStart if self.at < known.start else None

        self._act(
            place, Action.MARK_NO_SHOW, "no_show", services.mark_no_show, refusal,
            by=self.scene.operator,
        )  # fmt: skip

    @rule(hours=st.integers(1, 8))
    def time_passes(self, hours: int) -> None:
        self._to(self.at + timedelta(hours=hours))

    def _to(self, at: datetime) -> None:
        """The worker's turn: what is due lets go of its time."""
        self.something_was_done = True
        self.at = at
        services.expire_due(self.at)
        waiting.close_over(self.at)
        db.session.expire_all()
        version, over = self.version, self.model.running_out(self.at)
        for reference in over:
            self._note(self._booking(reference), "expired", changed=False)
        assert not over or self.version > version
        waiting.offer_time(self.scene.instrument, self.at)
        self._note_offers()
        assert not self._could_be_offered()

    @rule(
        start=starts,
        cells=st.integers(1, 12),
        kind=st.sampled_from(["closure", "blocking", "inside"]),
    )
    def close(self, start: datetime, cells: int, kind: str) -> None:
        """Closed to all, blocked for others, or blocked with the applicant among those inside."""
        when = Interval(start, start + cells * CELL)
        if when.end <= self.at:
            return
        self.something_was_done = True
        inside = {"people": [self.scene.applicant.id]} if kind == "inside" else {}
        (row,) = closing.enter(
            self.scene.instrument.slug,
            Plan(
                ExceptionKind.CLOSURE if kind == "closure" else ExceptionKind.BLOCKING,
                when, title={"en": "Course"}, open_to=inside,
            ),
            by=self.scene.manager, at=self.at,
        )  # fmt: skip
        if kind != "inside":
            self.model.closures[row.id] = (when.start, when.end)
        self._note_offers()

    @rule(slots=st.lists(st.tuples(starts, st.integers(1, 6)), max_size=3))
    def outside_calendar_changes(self, slots: list[tuple[datetime, int]]) -> None:
        """What it holds now replaces what it held; what is over stays."""
        read = sorted({Interval(start, start + n * CELL) for start, n in slots})
        coming = [slot for slot in read if slot.end > self.at]
        self.something_was_done = True
        self.outside.claimed_by = "worker"
        db.session.flush()
        outside.record_read(self.outside.id, coming, Known(), worker="worker", at=self.at)
        self.model.outside = [
            *((start, end) for start, end in self.model.outside if end <= self.at),
            *((slot.start, slot.end) for slot in coming),
        ]
        self._note_offers()

    @rule(place=places)
    def reopen(self, place: int) -> None:
        known = [key for key, (_, end) in self.model.closures.items() if end > self.at]
        if not known:
            return
        self.something_was_done = True
        key = known[place % len(known)]
        start, _ = self.model.closures.pop(key)
        if start < self.at:
            self.model.closures[key] = (start, self.at)
        closing.lift(self.scene.instrument.slug, key, by=self.scene.manager, at=self.at)
        self._note_offers()


@pytest.mark.slow
def test_the_house_keeps_its_promises_whatever_is_done(session):
    run_state_machine_as_test(
        House,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
