"""What is done at an instrument: applicants start and finish their own use, anybody there reports a fault."""

from __future__ import annotations

from datetime import datetime

from ...foundation.database import db, refer
from ...foundation.errors import NotFound, StaleVersion
from ...foundation.signals import fault_reported
from ...identity import audit
from ...identity.models import Person
from ..errors import WrongState
from ..lifecycle import leads_somewhere
from ..models import Booking
from ..queries import booking_for
from ..rules import Action, State
from ..services import running
from .models import Fault, InstrumentLabel
from .queries import instrument_to_label, is_self_service, may_run, open_faults, spot_of


def start_here(slug: str, reference: str, *, by: Person, at: datetime, version: int) -> Booking:
    """Begin the use at the instrument: by whoever runs it, or by the applicant where the label lets them.

    Raises NotFound, StaleVersion, WrongState, TooEarlyToStart and NotReady.
    """
    booking = _booking_here(slug, reference, Action.START, by, version)
    return running.begin(booking, by=by, at=at)


def finish_here(slug: str, reference: str, *, by: Person, at: datetime, version: int) -> Booking:
    """End the use now; it lasted from its noted start. Raises NotFound, StaleVersion, WrongState, UsageImplausible."""
    booking = _booking_here(slug, reference, Action.FINISH, by, version)
    return running.end(booking, running.use_until_now(booking, at), by=by, at=at)


def report_fault(slug: str, words: str, *, by: Person, at: datetime) -> Fault:
    """Tell operators and managers what is wrong. Raises NotFound for who neither runs it nor has a booking near."""
    spot = spot_of(by, slug, at)
    if not spot.runs and not spot.bookings:
        raise NotFound()
    own = next((each for each in spot.bookings if each.state == State.IN_USE), None)
    own = own or next((each for each in spot.bookings if each.applicant_id == by.id), None)
    fault = Fault(instrument=spot.instrument, reported_by=by, text=words, reported_at=at)
    db.session.add(refer(fault, booking=own))
    db.session.flush()
    audit.record("fault.report", "instrument", slug, by=by.id, at=at, fault=fault.id)
    fault_reported.send(fault, at=at)
    return fault


def settle_fault(slug: str, fault_id: int, *, by: Person, at: datetime) -> Fault:
    """Say that a fault is no more. Raises NotFound."""
    instrument = instrument_to_label(by, slug)
    fault = next((each for each in open_faults(instrument) if each.id == fault_id), None)
    if fault is None:
        raise NotFound()
    fault.settled_at, fault.settled_by_id = at, by.id
    audit.record("fault.settle", "instrument", slug, by=by.id, at=at, fault=fault_id)
    db.session.flush()
    return fault


def let_applicants_start(slug: str, allowed: bool, *, by: Person, at: datetime) -> InstrumentLabel:
    """Whether applicants start and finish their own use at the label. Raises NotFound."""
    instrument = instrument_to_label(by, slug)
    label = db.session.get(InstrumentLabel, instrument.id) or InstrumentLabel(
        instrument_id=instrument.id
    )
    label.self_service = allowed
    db.session.add(label)
    audit.record("label.self_service", "instrument", slug, by=by.id, at=at, allowed=allowed)
    db.session.flush()
    return label


def _booking_here(slug: str, reference: str, action: Action, by: Person, version: int) -> Booking:
    """The booking, locked, when `by` may do `action` with it at this instrument."""
    booking = booking_for(by, reference, to_change=True)
    own = booking.applicant_id == by.id and is_self_service(booking.instrument)
    if booking.instrument.slug != slug or not (own or may_run(by, booking.instrument)):
        raise NotFound()
    if booking.version != version:
        raise StaleVersion(version=booking.version, state=booking.state)
    if not leads_somewhere(State(booking.state), action):
        raise WrongState(booking.state, action)
    return booking
