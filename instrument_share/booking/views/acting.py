"""What is done to a booking by a button or on a small page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from ...foundation.clock import now
from ...foundation.errors import InvalidInput, NotFound, Refusal, StaleVersion
from ...foundation.http.conditional import version_sent
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.models import Person
from .. import queries, services
from ..availability.alternatives import offering_alternatives
from ..choosing import chosen
from ..desk.replies.services import words_of
from ..desk.way_back import way_to_desk
from ..forms import Prefill, WordsForm, finished_use_of
from ..labels import DONE
from ..models import Booking
from ..rules import Action
from ..samples.outcomes import outcomes_from, unsaid_in
from ..seat_form import seat_code, seat_of
from ..shown import ASKING
from ..slot_form import slot_of
from ..wall_time import filled_in
from .moving import move_page
from .pages import action_page, booking_page, clock_zones

#: The service behind every action that a person can ask for.
SERVICES: dict[Action, Callable[..., Booking]] = {
    Action.SUBMIT: services.submit,
    Action.WITHDRAW: services.withdraw,
    Action.APPROVE: services.approve,
    Action.REJECT: services.reject,
    Action.REQUEST_CHANGES: services.request_changes,
    Action.RESCHEDULE: services.reschedule,
    Action.CANCEL: services.cancel,
    Action.START: services.start,
    Action.FINISH: services.finish,
    Action.MARK_NO_SHOW: services.mark_no_show,
}


def act(reference: str, action: str) -> ResponseReturnValue:
    """GET asks what an action needs to know; POST does it."""
    person, at = require_person(), now()
    wanted = _action_named(action)
    booking = queries.booking_for(person, reference)
    if request.method == "GET" or "choose" in request.form:
        return _asked(booking, wanted, person, at)
    unsaid = unsaid_in(request.form, booking) if wanted == Action.FINISH else 0
    try:
        with offering_alternatives(at, person):
            perform(SERVICES[wanted], reference, by=person, at=at, **_said(wanted, booking, person))
    except Refusal as refusal:
        return _refused(reference, wanted, person, at, refusal)
    flash(str(DONE[wanted]), "success")
    if unsaid:
        flash(_unsaid(unsaid), "warning")
    return redirect(way_to_desk() or url_for("booking.show", reference=reference))


def _action_named(word: str) -> Action:
    try:
        action = Action(word)
    except ValueError:
        raise NotFound() from None
    if action not in SERVICES:
        raise NotFound()
    return action


def _asked(booking: Booking, action: Action, person: Person, at: datetime) -> ResponseReturnValue:
    """The action's page, where it has one and the booking can still take it."""
    if action not in ASKING or action not in queries.actions_open_to(person, booking, at):
        return redirect(url_for("booking.show", reference=booking.reference))
    form = _begun(booking, action, at)
    if action == Action.RESCHEDULE:
        return move_page(booking, person, at, form)
    return action_page(booking, action, form, back=request.args.get("back", ""))


def _begun(booking: Booking, action: Action, at: datetime) -> Mapping[str, str]:
    """What the action's form holds when it is opened."""
    if action == Action.FINISH:
        started = booking.started_at or booking.starts_at
        return filled_in(started, at, booking.time_zone) | {
            "samples": str(sum(sample.count for sample in booking.samples))
        }
    if action == Action.RESCHEDULE:
        present = filled_in(booking.starts_at, booking.ends_at, booking.time_zone)
        seat = {"position": seat_code(booking.seat)}
        wished = chosen(request.values.get("choose", ""), booking.time_zone) or _wished(booking)
        return seat | present | request.form.to_dict() | wished
    return {}


def _wished(booking: Booking) -> dict[str, str]:
    """The new time that a link names: `from` alone keeps the booking's length. Nothing where it names none."""
    try:
        asked = load(Prefill(), request.args)
    except InvalidInput:
        return {}
    start = asked["begins"] or asked["start"]
    if start is None:
        return {}
    return filled_in(start, asked["until"] or start + booking.slot.duration, booking.time_zone)


def _said(action: Action, booking: Booking, person: Person) -> dict[str, Any]:
    """What the form says, as the service's arguments. Raises InvalidInput."""
    said: dict[str, Any] = {"version": version_sent()}
    common = load(WordsForm(), request.form)
    zones = clock_zones(booking.time_zone)
    if action == Action.RESCHEDULE:
        said["starts_at"], said["ends_at"] = slot_of(request.form, zones)
        said["seat"] = seat_of(request.form)
    elif action == Action.FINISH:
        said["use"] = finished_use_of(request.form, zones)
        said["outcomes"] = outcomes_from(request.form, booking)
    elif action != Action.SUBMIT:
        words = words_of(common["comment"], common["reply"], person)
        said["comment"] = words.to(booking.applicant.language)
    return said


def _refused(
    reference: str, action: Action, person: Person, at: datetime, refusal: Refusal
) -> ResponseReturnValue:
    """Back to the form where that helps; to the booking where it has changed meanwhile."""
    booking = queries.booking_for(person, reference)
    asks_again = action in ASKING and action in queries.actions_open_to(person, booking, at)
    if asks_again and not isinstance(refusal, StaleVersion):
        if action == Action.RESCHEDULE:
            return move_page(booking, person, at, request.form, refusal)
        return action_page(
            booking, action, request.form, refusal, back=request.form.get("back", "")
        )
    return booking_page(booking, person, at, refusal)


def _unsaid(number: int) -> str:
    return ngettext(
        "What became of %(num)s sample was not said: it stays as it was. Say it below when it is known.",
        "What became of %(num)s samples was not said: they stay as they were. Say it below when it is known.",
        number,
    )
