"""Bookings as pages show them: the approval route, the history and the buttons, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from ..catalogue.models import Instrument
from ..foundation.http import show
from ..identity.models import Institution, Person
from ..identity.rules import Role
from .history import Deed
from .labels import (
    ACTIONS,
    ANSWERS,
    DECIDERS,
    DEEDS,
    OFFER_RAN_OUT,
    SILENT,
    STATES,
    STEP_MARKS,
    Part,
    next_step,
)
from .models import ApprovalStep, Booking
from .policies.in_force import policy_for
from .policies.rules import OFFICES, plan
from .routing import pending_steps
from .rules import Action, RouteFacts, State, StepStatus

#: Actions that ask something first, on a page of their own; the others are one button.
ASKING = frozenset(
    {
        Action.WITHDRAW,
        Action.REJECT,
        Action.REQUEST_CHANGES,
        Action.RESCHEDULE,
        Action.CANCEL,
        Action.FINISH,
        Action.MARK_NO_SHOW,
    }
)

_KINDS = {
    Action.SUBMIT: "primary",
    Action.APPROVE: "primary",
    Action.START: "primary",
    Action.FINISH: "primary",
    Action.REJECT: "danger",
    Action.CANCEL: "danger",
}
_TONES = {
    State.OFFERED: "warning",
    State.CHANGES_REQUESTED: "warning",
    State.CONFIRMED: "success",
    State.IN_USE: "success",
    State.COMPLETED: "success",
    State.SETTLED: "success",
    State.REJECTED: "error",
    State.NO_SHOW: "error",
}
#: Actions from the most useful to the one that ends everything.
_ORDER = tuple(Action)


@dataclass(frozen=True, slots=True)
class Button:
    """An action that is open to the reader; `asks` leads to a page, the others are sent at once."""

    action: str
    label: str
    url: str
    kind: str
    asks: bool


def buttons_of(booking: Booking, actions: Sequence[Action]) -> list[Button]:
    """The actions as buttons; a request that was sent back is sent again from its form."""
    shown = [
        action
        for action in actions
        if action != Action.SUBMIT or booking.state in (State.DRAFT, State.OFFERED)
    ]
    return [_button(booking, action) for action in sorted(shown, key=_ORDER.index)]


def next_panel(booking: Booking, person: Person, actions: Sequence[Action]) -> dict[str, str]:
    """The panel on top of a booking that says what happens next."""
    part = part_in(booking, person, actions)
    title = str(STATES[booking.state])
    ran_out = booking.state == State.EXPIRED and booking.submitted_at is None
    return {
        "title": title[:1].upper() + title[1:],
        "text": str(OFFER_RAN_OUT if ran_out else next_step(booking.state, part)),
        "tone": _TONES.get(State(booking.state), "info"),
    }


def action_label(booking: Booking, action: Action) -> str:
    """What the action's button says; sending and cancelling what was offered are its acceptance and its refusal."""
    if booking.state == State.OFFERED and action in ANSWERS:
        return str(ANSWERS[action])
    return str(ACTIONS[action])


def part_in(booking: Booking, person: Person, actions: Sequence[Action]) -> Part:
    if Action.APPROVE in actions:
        return Part.DECIDER
    return Part.APPLICANT if booking.applicant_id == person.id else Part.OTHER


def route_shown(booking: Booking) -> list[dict[str, Any]]:
    """The approval route for `approval_route`: what earlier rounds decided, and the whole last round, which has taken
    over what still holds.
    """
    last = max((step.round for step in booking.steps), default=0)
    decided = {(step.role, step.decided_at) for step in booking.steps if step.round == last}
    shown = [
        step
        for step in booking.steps
        if step.round == last or (step.decided_at and (step.role, step.decided_at) not in decided)
    ]
    return [_step_shown(step, booking) for step in shown]


def turn_of(booking: Booking) -> dict[str, str]:
    """Whose decision a request waits for, by when, and who decides afterwards."""
    now = pending_steps(booking)
    later = [step for step in booking.steps if step.status == StepStatus.WAITING]
    due = min((step.due_at for step in now if step.due_at), default=None)
    return {
        "now": show.listed([str(DECIDERS[step.role]) for step in now]) if now else "",
        "due": both_clocks(due, booking.time_zone) if due else "",
        "later": show.listed([str(DECIDERS[step.role]) for step in later]) if later else "",
    }


def steps_ahead(
    instrument: Instrument, institution: Institution | None, at: datetime
) -> list[dict[str, Any]]:
    """The approval route that a request of somebody from `institution` would take, as far as it is known before one."""
    host = instrument.facility.host
    facts = RouteFacts(
        facility_id=instrument.facility_id,
        host_id=host.id,
        host_country=host.country,
        applicant_country=institution.country if institution else None,
        safety_class=instrument.safety_class,
        payer_id=institution.id if institution else None,
        screening_class=instrument.screening_class,
    )
    route = plan(policy_for(instrument, at).whole, facts)
    return [
        {
            "label": str(DECIDERS[each.step.role]),
            "status": "next",
            "note": office_name(each.step.role, instrument, institution),
        }
        for each in route
    ]


def office_name(role: str, instrument: Instrument, institution: Institution | None) -> str:
    """Where an office is: the facility, the host, or the institution of whoever asks."""
    match OFFICES.get(Role(role)):
        case "facility":
            return show.localized(instrument.facility.names)
        case "host":
            return show.localized(instrument.facility.host.names)
        case "payer" if institution is not None:
            return show.localized(institution.names)
        case _:
            return ""


def history_shown(deeds: Sequence[Deed], time_zone: str) -> list[dict[str, Any]]:
    """The history, the latest first."""
    return [
        {
            "what": str(DEEDS.get(deed.action, deed.action)),
            "by": deed.by or gettext("the system"),
            "at": show.both_times(deed.at, time_zone),
        }
        for deed in reversed(deeds)
    ]


def change_since(deeds: Sequence[Deed], time_zone: str) -> str:
    """What the last thing was that happened to a booking, for somebody whose page was older."""
    if not deeds:
        return ""
    last = deeds[-1]
    return gettext(
        "Last change: %(what)s, %(who)s, %(when)s.",
        what=DEEDS.get(last.action, last.action),
        who=last.by or gettext("the system"),
        when=both_clocks(last.at, time_zone),
    )


def both_clocks(instant: datetime, time_zone: str) -> str:
    """An instant in one line, on the instrument's clock and, where it differs, on the reader's."""
    shown = show.both_times(instant, time_zone)
    here = shown.on_instrument_clock
    return here if shown.same else f"{here} · {shown.on_reader_clock}"


def _button(booking: Booking, action: Action) -> Button:
    url = url_for("booking.act", reference=booking.reference, action=action)
    return Button(
        action,
        action_label(booking, action),
        url,
        _KINDS.get(action, "secondary"),
        action in ASKING,
    )


def _step_shown(step: ApprovalStep, booking: Booking) -> dict[str, Any]:
    decided, zone = step.decided_at, booking.time_zone
    due = step.due_at if step.status == StepStatus.PENDING and not step.automatic else None
    return {
        "label": _office_of(step),
        "status": STEP_MARKS[step.status],
        "by": _who_decided(step),
        "at": show.both_times(decided, zone) if decided else None,
        "due": show.both_times(due, zone) if due else None,
        "note": " · ".join(filter(None, _notes_on(step, booking))),
        "comment": step.comment,
    }


def _office_of(step: ApprovalStep) -> str:
    """Whom the step asks; after an escalation both."""
    if step.escalated_at is None or step.escalate_to is None:
        return str(DECIDERS.get(step.role, step.role))
    both = [str(DECIDERS[role]) for role in (step.role, step.escalate_to)]
    return gettext("%(first)s or %(second)s", first=both[0], second=both[1])


def _who_decided(step: ApprovalStep) -> str:
    if step.decided_by is None:
        return ""
    name = step.decided_by.display_name
    if step.decided_for is None:
        return name
    return gettext("%(deputy)s for %(name)s", deputy=name, name=step.decided_for.display_name)


def _notes_on(step: ApprovalStep, booking: Booking) -> Iterator[str]:
    """Where the office is, and what becomes of its silence, what was done for it, or how long it has."""
    yield office_name(step.role, booking.instrument, booking.institution)
    if step.automatic:
        yield gettext("Approved by the rules of the approval policy")
    elif step.status == StepStatus.CHANGES_REQUESTED:
        yield gettext("Sent back for changes")
    elif step.status == StepStatus.PENDING and step.due_at:
        yield str(SILENT.get(step.silence, "")) if step.escalated_at is None else ""
    elif step.status == StepStatus.WAITING:
        yield _time_given(step)


def _time_given(step: ApprovalStep) -> str:
    if step.working_days is None:
        return gettext("Decision expected within five days of being asked")
    return ngettext(
        "Decision expected within %(num)s working day of being asked",
        "Decision expected within %(num)s working days of being asked",
        step.working_days,
    )
