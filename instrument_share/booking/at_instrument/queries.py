"""Reading what a label opens: the reader's own running or next booking, or what whoever runs the instrument sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarResult, and_, case, or_, select
from sqlalchemy.orm import joinedload

from ...catalogue.models import Instrument
from ...catalogue.queries import instrument_by_slug, may_manage, subject_of
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, may
from ..models import Booking
from ..queries import with_people
from ..rules import State
from .models import Fault, InstrumentLabel
from .rules import AHEAD, OPERATORS_AHEAD, Gate, gate_of, opens


@dataclass(frozen=True, slots=True)
class Spot:
    """What somebody finds at an instrument. `runs`: they run it; `self_service`: applicants start and finish."""

    instrument: Instrument
    bookings: Sequence[Booking]
    faults: Sequence[Fault]
    runs: bool
    manages: bool
    self_service: bool


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """Whether to open now, for which booking, and until when."""

    gate: Gate
    booking: Booking | None

    @property
    def is_open(self) -> bool:
        return opens(self.gate)


def spot_of(person: Person, slug: str, at: datetime) -> Spot:
    """What the label of an instrument opens for the person. Raises NotFound."""
    instrument = instrument_by_slug(slug)
    runs = may_run(person, instrument)
    if runs:
        bookings = _bookings(instrument, at, Booking.starts_at < at + OPERATORS_AHEAD).all()
    else:
        own = and_(Booking.applicant_id == person.id, Booking.starts_at < at + AHEAD)
        first = _bookings(instrument, at, own).first()
        bookings = [first] if first else []
    return Spot(
        instrument,
        bookings,
        open_faults(instrument) if runs else (),
        runs,
        may_manage(person, instrument),
        is_self_service(instrument),
    )


def may_run(person: Person, instrument: Instrument) -> bool:
    return may(actor_of(person), Permission.RUN_BOOKING, subject_of(instrument))


def instrument_to_label(person: Person, slug: str) -> Instrument:
    """An instrument whose label the person prints: they run it or manage it. Raises NotFound."""
    instrument = instrument_by_slug(slug)
    if not (may_run(person, instrument) or may_manage(person, instrument)):
        raise NotFound()
    return instrument


def is_self_service(instrument: Instrument) -> bool:
    label = db.session.get(InstrumentLabel, instrument.id)
    return label is not None and label.self_service


def open_faults(instrument: Instrument) -> Sequence[Fault]:
    """What was reported and is not settled, the oldest first."""
    return db.session.scalars(
        select(Fault)
        .options(joinedload(Fault.reported_by), joinedload(Fault.booking))
        .where(Fault.instrument_id == instrument.id, Fault.settled_at.is_(None))
        .order_by(Fault.id)
        .limit(50)
    ).all()


def gate_at(person: Person, slug: str, at: datetime) -> GateAnswer:
    """Whether the gate of an instrument opens now, told to whoever runs it. Raises NotFound."""
    instrument = instrument_by_slug(slug)
    if not may_run(person, instrument):
        raise NotFound()
    booking = _bookings(instrument, at).first()
    if booking is None:
        return GateAnswer(Gate.NONE, None)
    return GateAnswer(gate_of(booking.state, booking.starts_at, booking.ends_at, at), booking)


def _bookings(
    instrument: Instrument, at: datetime, *conditions: ColumnElement[bool]
) -> ScalarResult[Booking]:
    """Running bookings, then those to come, in the order of their times."""
    coming = and_(Booking.state == State.CONFIRMED, Booking.ends_at > at)
    return db.session.scalars(
        with_people(select(Booking))
        .where(
            Booking.instrument_id == instrument.id,
            or_(Booking.state == State.IN_USE, coming),
            *conditions,
        )
        .order_by(case((Booking.state == State.IN_USE, 0), else_=1), Booking.starts_at, Booking.id)
        .limit(30)
    )


def acts_open_on(spot: Spot, at: datetime) -> dict[str, str]:
    """By the reference of a booking: whether its reader can `start` or `finish` it now."""
    if not (spot.runs or spot.self_service):
        return {}
    acts = {}
    for booking in spot.bookings:
        gate = gate_of(booking.state, booking.starts_at, booking.ends_at, at)
        if opens(gate):
            acts[booking.reference] = "finish" if gate is Gate.IN_USE else "start"
    return acts
