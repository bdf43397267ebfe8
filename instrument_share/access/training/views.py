"""Pages of training: what is offered, what I have, a single session; and those of the people who hold it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...catalogue.queries import instrument_by_slug
from ...foundation.clock import now
from ...foundation.errors import Refusal
from ...foundation.http.limits import PUBLIC, WRITING, limiter
from ...foundation.transaction import perform
from ...identity.acting import actor_of
from ...identity.choices import language_choices
from ...identity.current import person_or_none, require_person
from ...identity.rules import Permission, scopes_held
from . import managing, queries, services
from .labels import LEVELS, PLACES, SESSIONS, TONES
from .models import TrainingPlace
from .rules import PlaceState, SessionState

blueprint = Blueprint("training", __name__)


@blueprint.get("/training")
@limiter.limit(PUBLIC)
def index() -> str:
    """What is offered, with `?instrument=` for one instrument; beside it the reader's own places and qualifications."""
    person, at = person_or_none(), now()
    slug = request.args.get("instrument", "")[:80]
    sessions = queries.sessions_to_come(at, slug or None)
    return render_template(
        "access/training/index.html",
        instrument=instrument_by_slug(slug) if slug else None,
        sessions=sessions,
        taken=queries.seats_taken(sessions),
        own=queries.places_of(person) if person else [],
        qualifications=queries.qualifications_of(person) if person else [],
        runs=bool(person and scopes_held(actor_of(person), Permission.QUALIFY, "host")),
        today=at.date(),
        at=at,
        **_words(),
    )


@blueprint.get("/training/<reference>")
@limiter.limit(PUBLIC)
def show(reference: str) -> str:
    """One session, and the reader's place in it."""
    person, at = person_or_none(), now()
    session = queries.session_by_reference(reference)
    return render_template(
        "access/training/session.html",
        session=session,
        instruments=queries.instruments_of(session),
        taken=queries.seats_taken([session]).get(session.id, 0),
        place=queries.place_of(person, session) if person else None,
        may_run=bool(person and queries.may_run(person, session)),
        is_over=session.starts_at <= at or session.state != SessionState.OPEN,
        person=person,
        **_words(),
    )


@blueprint.post("/training/<reference>/places")
@limiter.limit(WRITING)
def ask_for_a_place(reference: str) -> ResponseReturnValue:
    """A seat or a place in line."""
    try:
        place = perform(services.request_place, reference, by=require_person(), at=now())
    except Refusal as refusal:
        return _refused(reference, refusal)
    flash(_asked(place), "success")
    return redirect(url_for("training.show", reference=reference))


@blueprint.post("/training/<reference>/give-up")
@limiter.limit(WRITING)
def give_up(reference: str) -> ResponseReturnValue:
    try:
        perform(services.give_up, reference, by=require_person(), at=now())
    except Refusal as refusal:
        return _refused(reference, refusal)
    flash(gettext("Your place is free for somebody else now."), "success")
    return redirect(url_for("training.show", reference=reference))


def _asked(place: TrainingPlace) -> str:
    if place.state == PlaceState.BOOKED:
        return gettext("You have a place. We told you by mail, too.")
    return gettext("All places are taken: you are in line and get the next one that comes free.")


def _refused(reference: str, refusal: Refusal) -> ResponseReturnValue:
    flash(str(refusal.message), "error")
    return redirect(url_for("training.show", reference=reference))


def _words() -> dict[str, object]:
    return {
        "levels": LEVELS,
        "states": SESSIONS,
        "place_words": PLACES,
        "tones": TONES,
        "languages": dict(language_choices()),
    }


managing.mount(blueprint)
