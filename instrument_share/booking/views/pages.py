"""Two pages that several views end with: a booking, and the page of one action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import render_template
from flask_babel import get_timezone

from ...catalogue.models import OpeningException
from ...foundation.errors import DomainError, StaleVersion
from ...identity.models import Person
from .. import queries
from ..availability.alternatives import Alternative, alternatives_to
from ..closing.queries import hits_of
from ..conversation.panel import shown_conversation
from ..errors import SlotTaken
from ..history import history_of
from ..labels import AFTERWARDS
from ..models import Booking
from ..modes import mode_panel
from ..readiness import obstacles_to
from ..rules import LIVE, Action
from ..samples.outcomes import questions_of
from ..shown import action_label, buttons_of, change_since, history_shown, next_panel, route_shown
from ..slot_form import Clock, fold_choices, form_errors


def booking_page(
    booking: Booking,
    person: Person,
    at: datetime,
    refusal: DomainError | None = None,
    said: Mapping[str, str] | None = None,
) -> tuple[str, int]:
    """The whole booking; with `refusal`, why what was just asked was not done.

    `said` is what was typed into the conversation where that was refused.
    """
    view = queries.views_of([booking], person, at)[0]
    deeds = history_of(booking)
    stale = isinstance(refusal, StaleVersion)
    hindrances = hits_of(booking, at) if booking.state in LIVE else []
    page = render_template(
        "booking/booking.html",
        hindrances=hindrances,
        obstacles=obstacles_to(booking, person, at),
        booking=booking,
        panel=next_panel(booking, person, view.actions),
        buttons=buttons_of(booking, view.actions),
        is_editable=Action.SUBMIT in view.actions,
        route=route_shown(booking),
        history=history_shown(deeds, booking.time_zone),
        charges=view.charges,
        talk=shown_conversation(booking, person, at),
        said=said or {},
        mode=mode_panel(booking, person, at),
        afterwards=AFTERWARDS,
        errors=refusal_sentences(
            refusal, "", change_since(deeds, booking.time_zone) if stale else ""
        ),
        alternatives=alternatives_of(refusal) or _instead(booking, person, at, hindrances),
    )
    return page, refusal.status if refusal else 200


def _instead(
    booking: Booking, person: Person, at: datetime, hindrances: Sequence[OpeningException]
) -> Sequence[Alternative]:
    """What the applicant of a booking that cannot take place can have instead."""
    if not hindrances or booking.applicant_id != person.id:
        return ()
    return alternatives_to(booking.instrument_id, booking.slot, at, person)


def action_page(
    booking: Booking,
    action: Action,
    form: Mapping[str, str],
    refusal: DomainError | None = None,
    *,
    back: str = "",
) -> tuple[str, int]:
    """The form of one action, with everything typed kept."""
    zones = clock_zones(booking.time_zone)
    page = render_template(
        "booking/action.html",
        booking=booking,
        action=action,
        label=action_label(booking, action),
        form=form,
        zones=zones,
        folds=folds_in(form, zones),
        back=back,
        afterwards=AFTERWARDS,
        questions=questions_of(booking) if action == Action.FINISH else [],
        errors=refusal_sentences(refusal, "_action"),
        alternatives=alternatives_of(refusal),
    )
    return page, refusal.status if refusal else 200


def clock_zones(instrument_zone: str) -> dict[Clock, str]:
    """The zones in which times may be typed: the instrument's, and the reader's own."""
    return {"instrument": instrument_zone, "reader": str(get_timezone())}


def folds_in(
    form: Mapping[str, str], zones: Mapping[Clock, str]
) -> dict[str, list[tuple[str, str]]]:
    """Which of two like times may be meant, on the clock that the form is written on."""
    return fold_choices(form, zones["reader" if form.get("zone") == "reader" else "instrument"])


def refusal_sentences(
    refusal: DomainError | None, field: str = "", more: str = ""
) -> dict[str, str]:
    """What an error summary lists: the sentence of every field, or the refusal itself (at `field`)."""
    if refusal is None:
        return {}
    named = form_errors(refusal.fields)
    if named:
        return named
    return {field or "_booking": " ".join(filter(None, (str(refusal.message), more)))}


def alternatives_of(refusal: DomainError | None) -> Sequence[Alternative]:
    return refusal.alternatives if isinstance(refusal, SlotTaken) else ()
