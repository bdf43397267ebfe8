"""The approval route of a booking: opened at submission, decided step by step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..catalogue.models import Instrument
from ..catalogue.queries import scopes_of
from ..foundation.errors import Forbidden
from ..identity.models import Person
from ..identity.queries import actor_of
from ..identity.rules import PROGRAMME, Actor, Role
from .models import ApprovalStep, Booking
from .rules import (
    Change,
    RouteFacts,
    Step,
    StepStatus,
    decision_due,
    hold_expiry,
    remind_of_decision,
    route_for,
    still_holds,
)

_UNDECIDED = (StepStatus.PENDING, StepStatus.WAITING)


def open_route(booking: Booking, instrument: Instrument, at: datetime) -> None:
    """Begin a new round in which everybody decides; whatever the earlier round left undecided is void."""
    _open_round(booking, instrument, [], at)


def ask_again(
    booking: Booking, instrument: Instrument, changes: frozenset[Change], at: datetime
) -> bool:
    """Ask anew for the approvals that do not outlive `changes`; False where nobody has to be asked.

    The others are taken over into the new round as they were given.
    """
    given = [step for step in _last_round(booking) if step.status == StepStatus.APPROVED]
    kept = [step for step in given if still_holds(step.role, changes)]
    if len(kept) == len(given):
        return False
    _open_round(booking, instrument, kept, at)
    return pending_step(booking) is not None


def shorten_deadlines(booking: Booking) -> None:
    """Have an undecided request let go of its time at the latest when it begins now."""
    if booking.hold_expires_at is None:
        return
    asked_at = booking.submitted_at or booking.hold_expires_at
    booking.hold_expires_at = expires_at = hold_expiry(asked_at, booking.starts_at)
    step = pending_step(booking)
    if step is not None and step.due_at is not None:
        step.due_at = min(step.due_at, expires_at)


def _open_round(
    booking: Booking, instrument: Instrument, kept: Sequence[ApprovalStep], at: datetime
) -> None:
    close_route(booking)
    booking.hold_expires_at = hold_expiry(at, booking.starts_at)
    number = max((step.round for step in booking.steps), default=0) + 1
    given = {(step.role, step.scope_kind, step.scope_id): step for step in kept}
    steps = [
        _step(number, place, step, given.get((step.role, step.scope_kind, step.scope_id)))
        for place, step in enumerate(route_for(_facts_of(booking, instrument)), 1)
    ]
    booking.steps += steps
    open_next_step(booking, at)


def _step(number: int, place: int, asked: Step, given: ApprovalStep | None) -> ApprovalStep:
    step = ApprovalStep(
        round=number,
        place=place,
        role=asked.role,
        scope_kind=asked.scope_kind,
        scope_id=asked.scope_id,
        status=StepStatus.WAITING,
    )
    if given is not None:
        step.status, step.comment = StepStatus.APPROVED, given.comment
        step.decided_by, step.decided_at = given.decided_by, given.decided_at
        step.decided_for_id = given.decided_for_id
    return step


def _facts_of(booking: Booking, instrument: Instrument) -> RouteFacts:
    host = instrument.facility.host
    return RouteFacts(
        facility_id=instrument.facility_id,
        host_id=host.id,
        host_country=host.country,
        applicant_country=booking.institution.country if booking.institution else None,
        safety_class=instrument.safety_class,
    )


def _last_round(booking: Booking) -> list[ApprovalStep]:
    last = max((step.round for step in booking.steps), default=0)
    return [step for step in booking.steps if step.round == last]


def close_route(booking: Booking) -> None:
    """Nobody is asked any more: steps that were not decided become void."""
    for step in booking.steps:
        if step.status in _UNDECIDED:
            step.status, step.remind_at = StepStatus.VOID, None


def pending_step(booking: Booking) -> ApprovalStep | None:
    """The step that is being decided now."""
    return next((step for step in booking.steps if step.status == StepStatus.PENDING), None)


def may_decide(booking: Booking, actor: Actor) -> bool:
    """Whether it is the actor's turn: they hold the pending step's role here, and it is neither their own request nor
    one of whoever lent them the role.
    """
    step = pending_step(booking)
    return (
        step is not None
        and booking.applicant_id != actor.person_id
        and actor.without(booking.applicant_id).holds(
            Role(step.role), PROGRAMME, *scopes_of(booking.instrument)
        )
    )


def decide_step(
    booking: Booking, status: StepStatus, comment: str, *, by: Person, at: datetime
) -> ApprovalStep:
    """Write a decision into the pending step. Raises Forbidden where it is not this person's to make."""
    step = pending_step(booking)
    actor = actor_of(by)
    if step is None or not may_decide(booking, actor):
        raise Forbidden()
    step.status, step.comment = status, comment
    step.decided_by, step.decided_at, step.remind_at = by, at, None
    holders = actor.without(booking.applicant_id)
    step.decided_for_id = holders.stands_in_for(
        Role(step.role), PROGRAMME, *scopes_of(booking.instrument)
    )
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
