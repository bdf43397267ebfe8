"""What becomes of bookings when its time has come, by nobody's hand: the worker does it (`booking.chores`).

Each duty is a condition and a deed. The deed is done with the booking's row locked and the condition asked again, so
that workers, and people who act at the same moment, never do a thing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from ...catalogue.models import Facility, Instrument
from ...foundation.chores import claimed
from ...foundation.database import db
from ...foundation.signals import booking_near, decision_escalated, decision_near
from ...identity import audit
from ..models import ApprovalStep, Booking
from ..policies.rules import Silence
from ..routing import approve_itself, escalate, pending_steps
from ..rules import REMINDED_BEFORE, Action, State, StepStatus, is_told_lately
from .deciding import proceed
from .ending import let_go
from .running import miss

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Duty:
    """`is_due` tells the bookings, `first` the order, `do` what is done with one that is locked."""

    is_due: Callable[[datetime], ColumnElement[bool]]
    first: InstrumentedAttribute[Any]
    do: Callable[[Booking, datetime], None]


def due_bookings(
    duty: Duty, at: datetime, besides: Collection[int] = (), *, most: int = _PAGE
) -> Sequence[int]:
    """The bookings on which the duty is to be done, the longest due first."""
    query = select(Booking.id).where(duty.is_due(at), Booking.id.not_in(besides))
    return db.session.scalars(query.order_by(duty.first, Booking.id).limit(most)).all()


def do_due(duty: Duty, booking_id: int, at: datetime) -> bool:
    """Do the duty on a booking; False where somebody else is at it or it is no longer due."""
    instrument = joinedload(Booking.instrument).joinedload(Instrument.facility)
    booking = claimed(
        select(Booking)
        .where(Booking.id == booking_id, duty.is_due(at))
        .options(
            instrument.joinedload(Facility.host),
            joinedload(Booking.applicant),
            joinedload(Booking.agreement),
            selectinload(Booking.steps),
        )
    )
    if booking is None:
        return False
    duty.do(booking, at)
    db.session.flush()
    return True


def expire_due(at: datetime, *, most: int = 100) -> int:
    """Let undecided requests and unanswered offers go whose hold ran out by `at`; returns how many (at most `most`)."""
    return sum(do_due(EXPIRY, key, at) for key in due_bookings(EXPIRY, at, most=most))


def _has_run_out(at: datetime) -> ColumnElement[bool]:
    undecided = Booking.state.in_((State.OFFERED, State.SUBMITTED, State.CHANGES_REQUESTED))
    return undecided & (Booking.hold_expires_at <= at)


def _expire(booking: Booking, at: datetime) -> None:
    let_go(booking, Action.EXPIRE, None, at, "")


def _is_missed(at: datetime) -> ColumnElement[bool]:
    """Nobody came within the grace of its instrument; an instrument without one waits for its managers."""
    graces = db.session.scalars(
        select(Instrument.grace_minutes).where(Instrument.grace_minutes.is_not(None)).distinct()
    ).all()
    missed = (
        Booking.instrument_id.in_(select(Instrument.id).where(Instrument.grace_minutes == grace))
        & (Booking.starts_at <= at - timedelta(minutes=grace or 0))
        for grace in graces
    )
    return (Booking.state == State.CONFIRMED) & or_(false(), *missed)


def _miss(booking: Booking, at: datetime) -> None:
    miss(booking, by=None, at=at)


def _is_near(at: datetime) -> ColumnElement[bool]:
    unsaid = Booking.reminded_for.is_(None) | (Booking.reminded_for != Booking.starts_at)
    soon = (Booking.starts_at > at) & (Booking.starts_at <= at + REMINDED_BEFORE)
    return (Booking.state == State.CONFIRMED) & soon & unsaid


def _remind(booking: Booking, at: datetime) -> None:
    """Once for each time that it is given; a reminder is no change of the booking: its version stays."""
    db.session.execute(
        update(Booking)
        .where(Booking.id == booking.id)
        .values(reminded_for=booking.starts_at)
        .execution_options(synchronize_session=False)
    )
    if not is_told_lately(booking.decided_at, booking.starts_at):
        booking_near.send(booking, at=at)


def _waits_for_decision(at: datetime) -> ColumnElement[bool]:
    waiting = select(ApprovalStep.booking_id).where(
        ApprovalStep.status == StepStatus.PENDING, ApprovalStep.remind_at <= at
    )
    return (Booking.state == State.SUBMITTED) & Booking.id.in_(waiting)


def _remind_deciders(booking: Booking, at: datetime) -> None:
    """One reminder for each step whose own has come."""
    due = [step for step in pending_steps(booking) if step.remind_at and step.remind_at <= at]
    for step in due:
        step.remind_at = None
    if due:
        decision_near.send(booking, steps=due, at=at)


def _is_silent(at: datetime) -> ColumnElement[bool]:
    silent = select(ApprovalStep.booking_id).where(
        ApprovalStep.status == StepStatus.PENDING,
        ApprovalStep.silence.in_((Silence.ESCALATE, Silence.APPROVE)),
        ApprovalStep.due_at <= at,
        ApprovalStep.escalated_at.is_(None),
    )
    return (
        (Booking.state == State.SUBMITTED) & (Booking.hold_expires_at > at) & Booking.id.in_(silent)
    )


def _answer_silence(booking: Booking, at: datetime) -> None:
    """What the policy says about steps that nobody decided in time."""
    silent = [s for s in pending_steps(booking) if s.due_at and s.due_at <= at]
    escalated = [s for s in silent if s.silence == Silence.ESCALATE and s.escalated_at is None]
    approved = [s for s in silent if s.silence == Silence.APPROVE]
    for step in escalated:
        escalate(step, booking, at)
        asked = {"step": step.role, "to": step.escalate_to}
        audit.record("booking.escalate", "booking", booking.reference, by=None, at=at, **asked)
    for step in approved:
        approve_itself(step, at)
    if escalated:
        decision_escalated.send(booking, steps=escalated, at=at)
    if approved:
        proceed(booking, by=None, at=at)


EXPIRY = Duty(_has_run_out, Booking.hold_expires_at, _expire)
NO_SHOWS = Duty(_is_missed, Booking.starts_at, _miss)
REMINDERS = Duty(_is_near, Booking.starts_at, _remind)
SILENCE = Duty(_is_silent, Booking.hold_expires_at, _answer_silence)
DECISION_REMINDERS = Duty(_waits_for_decision, Booking.hold_expires_at, _remind_deciders)
