"""Preparing a remote use: how to connect, who is on duty, and the checks before the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext

from ...foundation.database import db
from ...foundation.errors import InvalidInput, NotFound, Refusal
from ...identity import audit
from ...identity.models import Person
from ..happenings import Happening, tell_of
from ..models import Booking
from .models import Connection, ConnectionCheck
from .queries import checks_of, connection_of, may_run, operators_for, remote_booking
from .rules import CONNECTING, Check


class NotConnecting(Refusal):
    code = "not_connecting"
    message = lazy_gettext("A connection is prepared for confirmed bookings only.")


@dataclass(frozen=True, slots=True)
class ConnectionPlan:
    """`opens_minutes` before the start the applicant sees `address` and `instructions`."""

    operator_id: int
    opens_minutes: int
    address: str
    instructions: str = ""


def set_connection(reference: str, plan: ConnectionPlan, *, by: Person, at: datetime) -> Connection:
    """Say how to connect and who is on duty; the applicant is told that it is ready, not how, and who is on duty newly
    is told so.

    Raises NotFound for who does not run the instrument, NotConnecting, and InvalidInput for an operator who does not.
    """
    booking = _to_prepare(reference, by)
    if not may_run(by, booking):
        raise NotFound()
    if plan.operator_id not in operators_for(booking, at.date()):
        raise InvalidInput(fields={"operator_id": lazy_gettext("Choose who is on duty.")})
    connection = connection_of(booking) or Connection(booking_id=booking.id)
    is_new = connection.operator_id != plan.operator_id
    connection.operator_id, connection.opens_minutes = plan.operator_id, plan.opens_minutes
    connection.address, connection.instructions = plan.address, plan.instructions
    connection.changed_at = at
    db.session.add(connection)
    audit.record("connection.set", "booking", reference, by=by.id, at=at, on_duty=plan.operator_id)
    db.session.flush()
    tell_of(booking, Happening.CONNECTION_READY, by=by, at=at)
    if is_new:
        tell_of(booking, Happening.ON_DUTY, by=by, at=at)
    return connection


def tick_check(reference: str, check: Check, done: bool, *, by: Person, at: datetime) -> None:
    """Note that a check is done, or not after all: by the applicant or whoever runs the instrument.

    Raises NotFound and NotConnecting.
    """
    booking = _to_prepare(reference, by)
    if not (may_run(by, booking) or booking.applicant_id == by.id):
        raise NotFound()
    row = checks_of(booking).get(check)
    if done and row is None:
        db.session.add(ConnectionCheck(booking_id=booking.id, code=check, done_at=at, done_by=by))
    elif row is not None and not done:
        db.session.delete(row)
    audit.record("connection.check", "booking", reference, by=by.id, at=at, check=check, done=done)
    db.session.flush()


def _to_prepare(reference: str, by: Person) -> Booking:
    booking = remote_booking(by, reference, to_change=True)
    if booking.state not in CONNECTING:
        raise NotConnecting()
    return booking
