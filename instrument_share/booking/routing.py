"""The approval route of a booking: opened at submission by the policy in force, decided step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from ..catalogue.models import Instrument
from ..catalogue.queries import scopes_of
from ..foundation.clock import zone
from ..foundation.database import refer
from ..foundation.errors import Forbidden
from ..identity.acting import actor_of
from ..identity.models import Person
from ..identity.rules import PROGRAMME, Actor, Role, Scope
from .models import ApprovalStep, Booking
from .policies.deadlines import Deadline, OfficeCalendar, times_of
from .policies.facts import facts_of, history_of
from .policies.in_force import policy_for
from .policies.rules import (
    BUILT_IN,
    OFFICES,
    Planned,
    Silence,
    asks_history,
    is_over,
    plan,
    signature,
    to_ask,
)
from .policies.written import facts_as_data
from .rules import Change, StepStatus, hold_expiry, still_holds

_UNDECIDED = (StepStatus.PENDING, StepStatus.WAITING)
#: Who decided what in the round before, by office.
_Given = Mapping[tuple[str, str, int], ApprovalStep]


def open_route(booking: Booking, instrument: Instrument, at: datetime) -> None:
    """Begin a new round in which everybody decides; whatever the earlier round left undecided is void."""
    _open_round(booking, instrument, [], at)


def ask_again(
    booking: Booking, instrument: Instrument, changes: frozenset[Change], at: datetime
) -> bool:
    """Ask anew for the approvals that do not outlive `changes`; False where nobody has to be asked.

    The others are taken over into the new round as they were given.
    """
    given = [step for step in last_round(booking) if step.status == StepStatus.APPROVED]
    kept = [step for step in given if still_holds(step.role, changes)]
    if len(kept) == len(given):
        return False
    _open_round(booking, instrument, kept, at)
    return not is_decided(booking)


def shorten_deadlines(booking: Booking) -> None:
    """Have an undecided request let go of its time at the latest when it begins now."""
    if booking.hold_expires_at is None:
        return
    asked_at = booking.submitted_at or booking.hold_expires_at
    days = booking.policy.rules.hold_days if booking.policy else BUILT_IN.hold_days
    booking.hold_expires_at = expires_at = hold_expiry(asked_at, booking.starts_at, days=days)
    for step in pending_steps(booking):
        if step.due_at is not None:
            step.due_at = min(step.due_at, expires_at)


def _open_round(
    booking: Booking, instrument: Instrument, kept: Sequence[ApprovalStep], at: datetime
) -> None:
    close_route(booking)
    policy = policy_for(instrument, at)
    rules = policy.whole
    asks = asks_history(rules)
    history = history_of(booking, instrument, at) if asks else None
    facts = facts_of(booking, instrument, history)
    route = plan(rules, facts)
    booking.policy_id = policy.id
    booking.route_facts = facts_as_data(facts) | {
        "route": signature(route),
        "bound_by": [each.id for each in policy.bound],
    }
    booking.hold_expires_at = hold_expiry(at, booking.starts_at, days=rules.hold_days)
    number = max((step.round for step in booking.steps), default=0) + 1
    given = {(step.role, step.scope_kind, step.scope_id): step for step in kept}
    booking.steps += [_step(number, place, step, given, at) for place, step in enumerate(route, 1)]
    open_next_step(booking, at)


def _step(number: int, place: int, asked: Planned, given: _Given, at: datetime) -> ApprovalStep:
    office, rule = asked.step, asked.rule
    step = ApprovalStep(
        round=number,
        place=place,
        stage=asked.stage,
        role=office.role,
        scope_kind=office.scope_kind,
        scope_id=office.scope_id,
        status=StepStatus.WAITING,
        working_days=rule.working_days,
        remind_days=rule.remind_days,
        silence=rule.silence,
        escalate_to=rule.escalate_to if rule.silence is Silence.ESCALATE else None,
    )
    before = given.get((office.role, office.scope_kind, office.scope_id))
    if before is not None:
        step.status, step.comment, step.automatic = (
            StepStatus.APPROVED,
            before.comment,
            before.automatic,
        )
        step.decided_by_id, step.decided_for_id = before.decided_by_id, before.decided_for_id
        step.decided_at = before.decided_at
    elif asked.automatic:
        approve_itself(step, at)
    return step


def approve_itself(step: ApprovalStep, at: datetime) -> None:
    """Approved because the policy says so, by nobody."""
    step.status, step.decided_at, step.remind_at = StepStatus.APPROVED, at, None
    step.automatic = True


def last_round(booking: Booking) -> list[ApprovalStep]:
    last = max((step.round for step in booking.steps), default=0)
    return [step for step in booking.steps if step.round == last]


def close_route(booking: Booking) -> None:
    """Nobody is asked any more: steps that were not decided become void."""
    for step in booking.steps:
        if step.status in _UNDECIDED:
            step.status, step.remind_at = StepStatus.VOID, None


def is_decided(booking: Booking) -> bool:
    """Whether no step of the last round waits for anybody."""
    return is_over(last_round(booking))


def pending_steps(booking: Booking) -> list[ApprovalStep]:
    """The steps that are being decided now: one, or several of the same stage."""
    return [step for step in booking.steps if step.status == StepStatus.PENDING]


def pending_step(booking: Booking) -> ApprovalStep | None:
    """The first of the steps that are being decided now."""
    return next(iter(pending_steps(booking)), None)


def roles_asked(step: ApprovalStep) -> Iterator[Role]:
    """Whose decision the step is: its own office's, and after an escalation also the other one's."""
    yield Role(step.role)
    if step.escalated_at is not None and step.escalate_to is not None:
        yield Role(step.escalate_to)


def scopes_asked(role: Role, booking: Booking) -> list[Scope]:
    """Where whoever decides as `role` holds it: on the payer's side or on the host's."""
    if OFFICES.get(role) == "payer":
        own = [Scope("institution", booking.institution_id)] if booking.institution_id else []
        return [PROGRAMME, *own]
    return [PROGRAMME, *scopes_of(booking.instrument)]


def may_decide(booking: Booking, actor: Actor) -> bool:
    """Whether it is the actor's turn: they hold a pending step's role here, and it is neither their own request nor one
    of whoever lent them the role.
    """
    return _turn_of(booking, actor) is not None


def _turn_of(booking: Booking, actor: Actor) -> tuple[ApprovalStep, Role] | None:
    """The first pending step that is the actor's to decide, and as what."""
    if booking.applicant_id == actor.person_id:
        return None
    able = actor.without(booking.applicant_id)
    turns = (
        (step, role)
        for step in pending_steps(booking)
        for role in roles_asked(step)
        if able.holds(role, *scopes_asked(role, booking))
    )
    return next(turns, None)


def decide_step(
    booking: Booking, status: StepStatus, comment: str, *, by: Person, at: datetime
) -> ApprovalStep:
    """Write a decision into the pending step. Raises Forbidden where it is not this person's to make."""
    actor = actor_of(by)
    turn = _turn_of(booking, actor)
    if turn is None:
        raise Forbidden()
    step, role = turn
    step.status, step.comment = status, comment
    refer(step, decided_by=by)
    step.decided_at, step.remind_at = at, None
    able = actor.without(booking.applicant_id)
    step.decided_for_id = able.stands_in_for(role, *scopes_asked(role, booking))
    return step


def open_next_step(booking: Booking, at: datetime) -> bool:
    """Ask whoever comes next once nobody is being asked; False where the route is at its end."""
    steps = last_round(booking)
    for step in to_ask(steps):
        step.status, step.asked_at = StepStatus.PENDING, at
        set_times(step, booking, Role(step.role), at)
    return not is_over(steps)


def set_times(step: ApprovalStep, booking: Booking, role: Role, at: datetime) -> None:
    """By when `role`, which is asked now, should decide and is reminded, in the calendar of its office."""
    deadline = Deadline(step.working_days, step.remind_days, Silence(step.silence))
    expires_at = booking.hold_expires_at or booking.starts_at
    times = times_of(deadline, _calendar_of(role, booking), at, expires_at)
    step.due_at, step.remind_at = times.due_at, times.remind_at


def _calendar_of(role: Role, booking: Booking) -> OfficeCalendar:
    host = booking.instrument.facility.host
    payer = OFFICES.get(role) == "payer"
    office = booking.institution if payer and booking.institution else host
    return OfficeCalendar(office.country, zone(office.time_zone))


def escalate(step: ApprovalStep, booking: Booking, at: datetime) -> None:
    """Ask another office, too, because the first was silent; it gets a deadline of its own calendar."""
    step.escalated_at = at
    set_times(step, booking, list(roles_asked(step))[-1], at)
