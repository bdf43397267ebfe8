"""The pages of those who hold trainings and say who is qualified."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...catalogue.closing.errors import HitsBookings
from ...catalogue.closing.shown import hits_shown
from ...catalogue.closing.values import Hit
from ...catalogue.models import Instrument
from ...foundation.clock import now
from ...foundation.errors import Forbidden, InvalidInput, Refusal
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.choices import language_choices
from ...identity.current import require_person
from ...identity.queries import person_by_email
from ..rules import Level
from ..screening.labels import CLASS_NAMES
from . import forms, queries, services
from .labels import LEVELS, PLACES, SESSIONS, TONES
from .models import TrainingSession
from .rules import RESULTS

_GRANTED = (Level.SUPERVISED, Level.INDEPENDENT)


def mount(blueprint: Blueprint) -> None:
    """Add these pages to the room's blueprint."""
    for rule, view, methods in (
        ("/manage/training", index, ["GET"]),
        ("/manage/training/new", offer, ["GET", "POST"]),
        ("/manage/training/<reference>", run, ["GET", "POST"]),
        ("/manage/training/<reference>/move", move, ["POST"]),
        ("/manage/training/<reference>/cancel", cancel, ["POST"]),
        ("/manage/instruments/<slug>/qualifications", qualified, ["GET", "POST"]),
        ("/manage/instruments/<slug>/qualifications/grant", grant, ["POST"]),
        ("/manage/instruments/<slug>/qualifications/<int:number>/revoke", revoke, ["POST"]),
    ):
        name = f"manage_{view.__name__}"
        blueprint.add_url_rule(rule, name, view, methods=methods)


def index() -> str:
    """The sessions that the reader may run."""
    person = require_person()
    if not queries.places_to_train_at(person):
        raise Forbidden()
    sessions = queries.sessions_run_by(person)
    return render_template(
        "access/training/manage.html",
        sessions=sessions,
        taken=queries.seats_taken(sessions),
        levels=LEVELS,
        states=SESSIONS,
        at=now(),
    )


def offer() -> ResponseReturnValue:
    """The form for a new session."""
    person = require_person()
    choices = {each.slug: each for each in queries.places_to_train_at(person)}
    if not choices:
        raise Forbidden()
    if request.method == "GET":
        return _offer_page(choices, request.args, {})
    try:
        draft = forms.draft_from(request.form, choices)
        seen = request.form.getlist("seen")
        session = perform(services.offer_session, draft, by=person, at=now(), seen=seen)
    except HitsBookings as refusal:
        return _offer_page(choices, request.form, {}, refusal.hits), refusal.status
    except Refusal as refusal:
        return _offer_page(choices, request.form, refusal.fields), refusal.status
    flash(gettext("The training is offered."), "success")
    return redirect(url_for("training.manage_run", reference=session.reference))


def run(reference: str) -> ResponseReturnValue:
    """Everybody in a session, and how it went for them."""
    person = require_person()
    if request.method == "POST":
        return _done(
            lambda: perform(
                services.mark, reference, forms.results_from(request.form), by=person, at=now()
            ),
            gettext("The results are saved. Whoever passed is qualified and told."),
            url_for("training.manage_run", reference=reference),
        )
    return _people_page(queries.with_people(reference, by=person), {}, {})


def move(reference: str) -> ResponseReturnValue:
    """Give a session another time, once what lies there was looked at."""
    person = require_person()
    session = queries.with_people(reference, by=person)
    try:
        slot = forms.slot_from(request.form, session.time_zone)
        seen = request.form.getlist("seen")
        perform(services.move_session, reference, slot, by=person, at=now(), seen=seen)
    except HitsBookings as refusal:
        return _people_page(session, request.form, {}, refusal.hits), refusal.status
    except Refusal as refusal:
        return _people_page(session, request.form, refusal.by_field), refusal.status
    flash(gettext("The training is moved. Everybody in it is told."), "success")
    return redirect(url_for("training.manage_run", reference=reference))


def _people_page(
    session: TrainingSession,
    form: Mapping[str, str],
    errors: Mapping[str, Any],
    hits: Sequence[Hit] = (),
) -> str:
    return render_template(
        "access/training/people.html",
        session=session,
        form=form or forms.times_of(session),
        errors=errors,
        hits=hits_shown(hits),
        results=[(each, PLACES[each]) for each in RESULTS],
        has_begun=session.starts_at <= now(),
        levels=LEVELS,
        states=SESSIONS,
        place_words=PLACES,
        tones=TONES,
        languages=dict(language_choices()),
    )


def cancel(reference: str) -> ResponseReturnValue:
    """Call a session off."""
    person = require_person()
    reason = load(forms.ReasonForm(), request.form)["reason"]
    return _done(
        lambda: perform(services.cancel_session, reference, reason, by=person, at=now()),
        gettext("The training is cancelled. Everybody in it is told."),
        url_for("training.manage_run", reference=reference),
    )


def qualified(slug: str) -> ResponseReturnValue:
    """Who is qualified for an instrument, and what it asks for."""
    person = require_person()
    if request.method == "GET":
        return _qualified_page(slug, {}, {})
    try:
        asked = load(forms.DemandsForm(), forms.typed(request.form))
        perform(
            services.set_demands, slug, Level(asked["level"]), asked["validity_months"],
            first_use=asked["first_use"], screening_class=asked["screening_class"], by=person, at=now(),
        )  # fmt: skip
    except Refusal as refusal:
        return _qualified_again(slug, refusal)
    flash(gettext("What the instrument asks for is saved."), "success")
    return redirect(url_for("training.manage_qualified", slug=slug))


def grant(slug: str) -> ResponseReturnValue:
    """Qualify somebody who was trained elsewhere, or renew."""
    by = require_person()
    instrument, _ = queries.qualified_for(slug, by=by)
    try:
        asked = load(forms.GrantForm(), forms.typed(request.form))
        person = person_by_email(asked["email"])
        if person is None:
            raise InvalidInput(fields={"email": gettext("Nobody here has this mail address.")})
        perform(
            services.grant_qualification, person, instrument, Level(asked["level"]),
            by=by, at=now(), valid_until=asked["valid_until"],
        )  # fmt: skip
    except Refusal as refusal:
        return _qualified_again(slug, refusal)
    flash(gettext("The qualification is granted and its holder told."), "success")
    return redirect(url_for("training.manage_qualified", slug=slug))


def revoke(slug: str, number: int) -> ResponseReturnValue:
    """Take a qualification away."""
    person = require_person()
    reason = load(forms.ReasonForm(), request.form)["reason"]
    return _done(
        lambda: perform(services.revoke_qualification, number, reason, by=person, at=now()),
        gettext("The qualification is revoked and its holder told."),
        url_for("training.manage_qualified", slug=slug),
    )


def _offer_page(
    choices: Mapping[str, Instrument],
    form: Mapping[str, str],
    errors: Mapping[str, Any],
    hits: Sequence[Hit] = (),
) -> str:
    chosen = choices.get(form.get("subject", "").rpartition(":")[2]) or next(iter(choices.values()))
    facilities = {each.facility.slug: each.facility for each in choices.values()}
    return render_template(
        "access/training/offer.html",
        form=form,
        errors=errors,
        hits=hits_shown(hits),
        facilities=facilities,
        instruments=list(choices.values()),
        levels=[(each, LEVELS[each]) for each in _GRANTED],
        trainers=_trainers(choices.values()),
        languages=language_choices(),
        zone=chosen.facility.time_zone,
    )


def _trainers(instruments: Iterable[Instrument]) -> list[tuple[int, str]]:
    """Whoever runs one of them, the reader first; the service looks whether they run the one that is chosen."""
    person = require_person()
    names = queries.trainers_for(instruments, now().date())
    return sorted(names.items(), key=lambda each: (each[0] != person.id, each[1]))


def _qualified_again(slug: str, refusal: Refusal) -> ResponseReturnValue:
    return _qualified_page(slug, request.form, refusal.fields), refusal.status


def _qualified_page(slug: str, form: Mapping[str, str], errors: Mapping[str, Any]) -> str:
    instrument, rows = queries.qualified_for(slug, by=require_person())
    return render_template(
        "access/training/qualifications.html",
        instrument=instrument,
        rows=rows,
        form=form,
        errors=errors,
        demanded=list(LEVELS.items()),
        screenings=list(CLASS_NAMES.items()),
        granted=[(each, LEVELS[each]) for each in _GRANTED],
        levels=LEVELS,
        today=now().date(),
    )


def _done(act: Callable[[], object], said: str, back: str) -> ResponseReturnValue:
    """Do it, and say that it is done or why it is not, on the page that it came from."""
    try:
        act()
    except Refusal as refusal:
        flash(refusal.in_one_line, "error")
    else:
        flash(said, "success")
    return redirect(back)
