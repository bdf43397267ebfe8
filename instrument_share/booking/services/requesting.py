"""Asking for instrument time: drafts, requests, and changes of either."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from flask_babel import lazy_gettext

from ...access.eligibility import check_eligible, eligibility_of
from ...catalogue.models import Instrument
from ...catalogue.queries import bookable_instrument
from ...foundation.database import db, refer
from ...foundation.errors import InvalidInput
from ...foundation.identifiers import new_reference
from ...foundation.interval import Interval
from ...identity.models import Person
from ..availability.queries import rules_of
from ..errors import OfferOver, SlotTaken
from ..holding import hold_slot
from ..lifecycle import booking_to_act_on, confirm, move, tell
from ..models import Booking, Sample
from ..routing import is_decided, open_route
from ..rules import LIVE, Action, State
from ..values import BookingRequest, SampleEntry
from .ground import Ground, ground_of, ground_on
from .moving import check_terms, rebook
from .slots import check_slot, interval_of, place, seat_on


class _Timed(Protocol):
    """Anything with a start and an end that somebody typed."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


def request_booking(
    request: BookingRequest, *, by: Person, at: datetime, ground: Ground | None = None
) -> Booking:
    """Hold the requested slot and open its approval route; `ground` is what a series has in common.

    Raises UnknownInstrument, NotInService, EndBeforeStart, SlotUnfit, NotEligible, AgreementNotUsable,
    UnknownProject, SlotTaken or QuotaExhausted; nothing is written then.
    """
    booking, free = _new_booking(request, ground or ground_of(request, by, at), by, at)
    _enter_route(booking, booking.instrument, at, free=free)
    tell(booking, Action.SUBMIT, was=State.DRAFT, by=by, at=at, is_first=True)
    return booking


def create_draft(request: BookingRequest, *, by: Person, at: datetime) -> Booking:
    """Keep a request for later: checked like one that is sent, but it holds no time. Raises as request_booking."""
    booking, _ = _new_booking(request, ground_of(request, by, at), by, at)
    db.session.flush()
    tell(booking, Action.CREATE, was=State.DRAFT, by=by, at=at)
    return booking


def offer_booking(request: BookingRequest, *, to: Person, until: datetime, at: datetime) -> Booking:
    """Hold a slot for somebody on the waiting list, who may accept it `until` then.

    Raises as request_booking; nothing is written then, so that the transaction can go on.
    """
    booking, free = _new_booking(request, ground_of(request, to, at), to, at)
    was = move(booking, Action.OFFER)
    booking.hold_expires_at = until
    try:
        hold_slot(booking, booking.instrument, booking.held, free=free)
    except SlotTaken:
        db.session.delete(booking)
        db.session.flush()
        raise
    tell(booking, Action.OFFER, was=was, by=None, at=at)
    db.session.flush()
    return booking


def change_draft(
    reference: str, request: BookingRequest, *, by: Person, at: datetime, version: int | None
) -> Booking:
    """Write a draft anew, or a request that was sent back for changes (it keeps its time).

    Raises as request_booking, and WrongState where the booking is neither.
    """
    booking = booking_to_act_on(reference, Action.SUBMIT, by=by, version=version)
    instrument, slot = bookable_instrument(booking.instrument.slug, to_book=True), _slot_of(request)
    seat = seat_on(instrument, request.seat)
    if (slot, seat) != (booking.slot, booking.seat):
        _check_movable(booking)
        if booking.state == State.CHANGES_REQUESTED:
            rebook(booking, instrument, slot, seat, by=by, at=at)
    ground = ground_on(instrument, request, by, at)
    if booking.state not in LIVE:
        _place(booking, request, ground, at)
    _write(booking, request, ground)
    tell(booking, Action.CREATE, was=State(booking.state), by=by, at=at)
    db.session.flush()
    return booking


def _check_movable(booking: Booking) -> None:
    if booking.state == State.OFFERED:
        raise InvalidInput(
            fields={
                "starts_at": lazy_gettext(
                    "The offer is for the time that it says. Accept it, or decline it and wait for another one."
                )
            }
        )


def submit(reference: str, *, by: Person, at: datetime, version: int | None) -> Booking:
    """Send a draft, a request after the changes that were asked for, or accept an offer.

    Raises as request_booking, and OfferOver where the offer has run out.
    """
    booking = booking_to_act_on(reference, Action.SUBMIT, by=by, version=version)
    if booking.state == State.OFFERED and booking.hold_expires_at and booking.hold_expires_at <= at:
        raise OfferOver()
    instrument = bookable_instrument(booking.instrument.slug, to_book=True)
    eligibility = eligibility_of(by, instrument, booking.access_mode, at=at)
    check_eligible(eligibility)
    check_terms(booking, instrument, booking.slot)
    booking.supervised = eligibility.supervised
    was = State(booking.state)
    if was not in LIVE:
        check_slot(booking.slot, instrument, at, booking.applicant)
    _enter_route(booking, instrument, at)
    tell(booking, Action.SUBMIT, was=was, by=by, at=at)
    db.session.flush()
    return booking


def check_mode(mode: str, instrument: Instrument) -> None:
    """Raises InvalidInput where the instrument cannot be used in this access mode."""
    if mode not in instrument.access_modes:
        raise InvalidInput(
            fields={
                "access_mode": lazy_gettext(
                    "The instrument cannot be used this way. Choose one of its access modes."
                )
            }
        )


def _new_booking(
    request: BookingRequest, ground: Ground, by: Person, at: datetime
) -> tuple[Booking, Sequence[int]]:
    """The draft of a booking, and the positions that are free for it."""
    instrument = ground.instrument
    booking = Booking(
        reference=new_reference("B"),
        state=State.DRAFT,
        time_zone=instrument.time_zone,
        created_at=at,
        changed_at=at,
        series_id=request.series_id,
        occurrence=request.occurrence,
        steps=[],
    )
    refer(booking, instrument=instrument, applicant=by, institution=by.institution)
    free = _place(booking, request, ground, at)
    _write(booking, request, ground)
    db.session.add(booking)
    return booking, free


def _place(
    booking: Booking, request: BookingRequest, ground: Ground, at: datetime
) -> Sequence[int]:
    """Write down when and where it is to take place, checked; the positions that are free then."""
    slot, instrument = _slot_of(request), ground.instrument
    around = ground.around(rules_of(instrument).held_by(slot))
    check_slot(slot, instrument, at, booking.applicant, openness=around.openness)
    place(booking, instrument, slot, seat_on(instrument, request.seat))
    return around.free


def _write(booking: Booking, request: BookingRequest, ground: Ground) -> None:
    """Everything else that the request says, checked; the booking's state and hold stay as they are."""
    check_mode(request.access_mode, ground.instrument)
    eligibility = ground.eligibility()
    check_eligible(eligibility)
    booking.supervised = eligibility.supervised
    booking.access_mode, booking.purpose = request.access_mode, request.purpose
    slot = booking.slot
    refer(
        booking,
        agreement=ground.agreement_on(slot.start.date()),
        project=ground.project_in(slot),
    )
    booking.samples = [_sample(entry) for entry in request.samples]


def _enter_route(
    booking: Booking, instrument: Instrument, at: datetime, *, free: Sequence[int] | None = None
) -> None:
    booking.state, booking.submitted_at, booking.decided_at = State.SUBMITTED, at, None
    open_route(booking, instrument, at)
    if booking.position is None:
        hold_slot(booking, instrument, booking.held, free=free)
    if is_decided(booking):  # the policy approves it by itself
        confirm(booking, at)


def _sample(entry: SampleEntry) -> Sample:
    return Sample(
        name=entry.name, count=entry.count, hazard=entry.hazard, afterwards=entry.afterwards
    )


def _slot_of(request: _Timed) -> Interval:
    return interval_of(request.starts_at, request.ends_at)
