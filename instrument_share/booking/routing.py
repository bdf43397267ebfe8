"""The approval route of a booking: opened at submission, decided step by step."""

from __future__ import annotations

from datetime import datetime

from ..catalogue.models import Instrument
from ..catalogue.queries import scopes_of
from ..foundation.errors import Forbidden
from ..identity.models import Person
from ..identity.queries import actor_of
from ..identity.rules import PROGRAMME, Actor, Role
from .models import ApprovalStep, Booking
from .rules import (
    RouteFacts,
    StepStatus,
    decision_due,
    hold_expiry,
    remind_of_decision,
    route_for,
)

_UNDECIDED = (StepStatus.PENDING, StepStatus.WAITING)


def open_route(booking: Booking, instrument: Instrument, at: datetime) -> None:
    """Begin a new round of decisions; whatever the earlier round left undecided is void."""
    close_route(booking)
    host = instrument.facility.host
    facts = RouteFacts(
        facility_id=instrument.facility_id,
        host_id=host.id,
        host_country=host.country,
        applicant_country=booking.institution.country if booking.institution else None,
        safety_class=instrument.safety_class,
    )
    booking.hold_expires_at = hold_expiry(at, booking.starts_at)
    number = max((step.round for step in booking.steps), default=0) + 1
    booking.steps += [
        ApprovalStep(
            round=number,
            place=place,
            role=step.role,
            scope_kind=step.scope_kind,
            scope_id=step.scope_id,
            status=StepStatus.WAITING,
        )
        for place, step in enumerate(route_for(facts), 1)
    ]
    open_next_step(booking, at)


def close_route(booking: Booking) -> None:
    """Nobody is asked any more: steps that were not decided become void."""
    for step in booking.steps:
        if step.status in _UNDECIDED:
            step.status, step.remind_at = StepStatus.VOID, None


def pending_step(booking: Booking) -> ApprovalStep | None:
    """The step that is being decided now."""
    return next((step for step in booking.steps if step.status == StepStatus.PENDING), None)


def may_decide(booking: Booking, actor: Actor) -> bool:
    """Whether it is the actor's turn: they hold the pending step's role here, and it is not their own request."""
    step = pending_step(booking)
    return (
        step is not None
        and booking.applicant_id != actor.person_id
        and actor.holds(Role(step.role), PROGRAMME, *scopes_of(booking.instrument))
    )


def decide_step(
    booking: Booking, status: StepStatus, comment: str, *, by: Person, at: datetime
) -> ApprovalStep:
    """Write a decision into the pending step. Raises Forbidden where it is not this person's to make."""
    step = pending_step(booking)
    if step is None or not may_decide(booking, actor_of(by)):
        raise Forbidden()
    step.status, step.comment = status, comment
    step.decided_by, step.decided_at, step.remind_at = by, at, None
    return step


def open_next_step(booking: Booking, at: datetime) -> bool:
    """Ask whoever comes next; False where nobody does."""
    following = next((step for step in booking.steps if step.status == StepStatus.WAITING), None)
    if following is None:
        return False
    following.status = StepStatus.PENDING
    following.due_at = decision_due(at, booking.hold_expires_at or booking.starts_at)
    following.remind_at = remind_of_decision(at, following.due_at)
    return True
