"""Asking for instrument time: drafts, requests, and changes of either."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from flask_babel import lazy_gettext

from ...access.eligibility import check_eligible, eligibility_of
from ...access.models import Project
from ...access.queries import agreement_for, projects_of
from ...catalogue.models import Instrument
from ...catalogue.queries import bookable_instrument
from ...foundation.database import db
from ...foundation.errors import InvalidInput, NotFound
from ...foundation.identifiers import new_reference
from ...foundation.interval import Interval
from ...identity.models import Person
from ..availability.queries import openness_of, rules_of
from ..availability.slot_rules import faults_of
from ..errors import EndBeforeStart, SlotUnfit, UnknownInstrument, UnknownProject
from ..holding import hold_slot, release_hold
from ..lifecycle import booking_to_act_on, move, tell
from ..models import Booking, Sample
from ..routing import open_route
from ..rules import LIVE, Action, State
from ..values import BookingRequest, SampleEntry


class _Timed(Protocol):
    """Anything with a start and an end that somebody typed."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


def request_booking(request: BookingRequest, *, by: Person, at: datetime) -> Booking:
    """Hold the requested slot and open its approval route.

    Raises UnknownInstrument, NotInService, EndBeforeStart, SlotUnfit, NotEligible, AgreementNotUsable,
    UnknownProject, SlotTaken or QuotaExhausted; nothing is written then.
    """
    booking = _new_booking(request, by, at)
    _enter_route(booking, booking.instrument, at)
    tell(booking, Action.SUBMIT, was=State.DRAFT, by=by, at=at)
    return booking


def create_draft(request: BookingRequest, *, by: Person, at: datetime) -> Booking:
    """Keep a request for later: checked like one that is sent, but it holds no time. Raises as request_booking."""
    booking = _new_booking(request, by, at)
    db.session.flush()
    tell(booking, Action.CREATE, was=State.DRAFT, by=by, at=at)
    return booking


def change_draft(
    reference: str, request: BookingRequest, *, by: Person, at: datetime, version: int | None
) -> Booking:
    """Write a draft anew, or a request that was sent back for changes (it keeps its time).

    Raises as request_booking, and WrongState where the booking is neither.
    """
    booking = booking_to_act_on(reference, Action.SUBMIT, by=by, version=version)
    if booking.state == State.CHANGES_REQUESTED and _slot_of(request) != booking.slot:
        booking = reschedule(
            reference,
            by=by,
            at=at,
            version=version,
            starts_at=request.starts_at,
            ends_at=request.ends_at,
        )
    _write(booking, request, booking.instrument, _slot_of(request), by, at)
    tell(booking, Action.CREATE, was=State(booking.state), by=by, at=at)
    db.session.flush()
    return booking


def submit(reference: str, *, by: Person, at: datetime, version: int | None) -> Booking:
    """Send a draft, or a request after the changes that were asked for. Raises as request_booking."""
    booking = booking_to_act_on(reference, Action.SUBMIT, by=by, version=version)
    instrument = bookable_instrument(booking.instrument.slug, to_book=True)
    check_eligible(eligibility_of(by, instrument, booking.access_mode, at=at))
    was = State(booking.state)
    if was not in LIVE:
        check_slot(booking.slot, instrument, at, booking.applicant)
    _enter_route(booking, instrument, at)
    tell(booking, Action.SUBMIT, was=was, by=by, at=at)
    db.session.flush()
    return booking


def reschedule(
    reference: str,
    *,
    by: Person,
    at: datetime,
    version: int | None,
    starts_at: datetime,
    ends_at: datetime,
) -> Booking:
    """Move a booking to another time. What was approved is asked again; the old time is free at once.

    Raises as request_booking; the booking keeps its old time then.
    """
    booking = booking_to_act_on(reference, Action.RESCHEDULE, by=by, version=version)
    slot = _interval(starts_at, ends_at)
    instrument = bookable_instrument(booking.instrument.slug, to_book=True)
    check_slot(slot, instrument, at, booking.applicant)
    was = move(booking, Action.RESCHEDULE)
    release_hold(booking)
    _place(booking, instrument, slot)
    if was in LIVE:
        hold_slot(booking, instrument, rules_of(instrument).held_by(slot))
    if booking.state == State.SUBMITTED:
        open_route(booking, instrument, at)
    tell(booking, Action.RESCHEDULE, was=was, by=by, at=at)
    db.session.flush()
    return booking


def check_slot(slot: Interval, instrument: Instrument, at: datetime, whom: Person) -> None:
    """Raises SlotUnfit where the slot breaks the instrument's rules or meets a closure to `whom`."""
    rules = rules_of(instrument)
    faults = faults_of(slot, rules, openness_of(instrument, rules.held_by(slot), whom, at), at)
    if faults:
        raise SlotUnfit(faults)


def _new_booking(request: BookingRequest, by: Person, at: datetime) -> Booking:
    try:
        instrument = bookable_instrument(request.instrument, to_book=True)
    except NotFound:
        raise UnknownInstrument() from None
    slot = _slot_of(request)
    booking = Booking(
        reference=new_reference("B"),
        state=State.DRAFT,
        instrument=instrument,
        instrument_id=instrument.id,
        applicant=by,
        institution_id=by.institution_id,
        institution=by.institution,
        time_zone=instrument.time_zone,
        created_at=at,
        changed_at=at,
        steps=[],
    )
    _write(booking, request, instrument, slot, by, at)
    db.session.add(booking)
    return booking


def _write(
    booking: Booking,
    request: BookingRequest,
    instrument: Instrument,
    slot: Interval,
    by: Person,
    at: datetime,
) -> None:
    """Everything that the request says, checked; the booking's state and hold stay as they are."""
    if request.access_mode not in instrument.access_modes:
        raise InvalidInput(
            fields={
                "access_mode": lazy_gettext(
                    "The instrument cannot be used this way. Choose one of its access modes."
                )
            }
        )
    if booking.state not in LIVE:
        check_slot(slot, instrument, at, by)
        _place(booking, instrument, slot)
    check_eligible(eligibility_of(by, instrument, request.access_mode, at=at))
    booking.access_mode, booking.purpose = request.access_mode, request.purpose
    if booking.position is None:
        booking.whole = request.whole
    booking.agreement = agreement_for(by, instrument, request.agreement, slot.start.date())
    booking.project = _project_of(by, request.project, slot)
    booking.samples = [_sample(entry) for entry in request.samples]


def _place(booking: Booking, instrument: Instrument, slot: Interval) -> None:
    held = rules_of(instrument).held_by(slot)
    booking.starts_at, booking.ends_at = slot.start, slot.end
    booking.held_from, booking.held_until = held.start, held.end


def _enter_route(booking: Booking, instrument: Instrument, at: datetime) -> None:
    booking.state, booking.submitted_at, booking.decided_at = State.SUBMITTED, at, None
    open_route(booking, instrument, at)
    if booking.position is None:
        hold_slot(booking, instrument, Interval(booking.held_from, booking.held_until))


def _project_of(person: Person, reference: str | None, slot: Interval) -> Project | None:
    if not reference:
        return None
    for project in projects_of(person, slot.start.date()):
        if project.reference == reference:
            return project
    raise UnknownProject()


def _sample(entry: SampleEntry) -> Sample:
    return Sample(
        name=entry.name, count=entry.count, hazard=entry.hazard, afterwards=entry.afterwards
    )


def _slot_of(request: _Timed) -> Interval:
    return _interval(request.starts_at, request.ends_at)


def _interval(starts_at: datetime, ends_at: datetime) -> Interval:
    if ends_at <= starts_at:
        raise EndBeforeStart()
    return Interval(starts_at, ends_at)
