"""Pages of the waiting list: a person's own, the form that joins, and the line of an instrument for its managers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access.agreements.usable import agreements_open_to
from ...access.eligibility import eligibility_of
from ...access.projects.queries import projects_of
from ...catalogue.labels import MODES
from ...catalogue.models import Instrument
from ...catalogue.queries import described_instrument
from ...foundation.clock import now
from ...foundation.errors import NotFound, Refusal
from ...foundation.http.paging import links
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.models import Person
from ..forms import ListQuery
from ..views.pages import clock_zones
from . import queries, services
from .forms import begun_from, form_fields, join_request_of, suggested, watch_request_of
from .labels import DONE, STATES, TONES, WEEKDAYS
from .models import WaitingEntry

blueprint = Blueprint("waiting", __name__)

_SERVICES: dict[str, Callable[..., WaitingEntry]] = {
    "accept": services.accept,
    "decline": services.decline,
    "leave": services.leave,
}


@blueprint.get("/waiting-list")
def index() -> str:
    """The reader's own entries with their place, what is offered to them, and what they watch."""
    person = require_person()
    page = queries.entries_of(person, load(ListQuery(), request.args)["page"], 30)
    return render_template(
        "booking/waiting/index.html",
        entries=page.items,
        watches=queries.watches_of(person),
        paging=links(page),
        states=STATES,
        tones=TONES,
        weekdays=WEEKDAYS,
    )


@blueprint.post("/waiting-list/<reference>/<action>")
def act(reference: str, action: str) -> ResponseReturnValue:
    """Accept or decline what is offered, or leave."""
    person = require_person()
    if action not in _SERVICES:
        raise NotFound()
    try:
        entry = perform(_SERVICES[action], reference, by=person, at=now())
    except Refusal as refusal:
        flash(str(refusal.message), "error")
        return redirect(url_for("waiting.index"))
    flash(str(DONE[action]), "success")
    if action == "accept":
        return redirect(url_for("booking.show", reference=entry.offers[-1].booking.reference))
    return redirect(url_for("waiting.index"))


@blueprint.route("/instruments/<slug>/waiting-list", methods=["GET", "POST"])
def join(slug: str) -> ResponseReturnValue:
    """Stand in line; a link or a refused request fills in the form."""
    person, at = require_person(), now()
    instrument = described_instrument(slug)
    zones = clock_zones(instrument.time_zone)
    if request.method == "GET":
        return _form(instrument, person, at, suggested(request.args, instrument))
    if request.form.get("do") != "join":
        return _form(instrument, person, at, begun_from(request.form, instrument, zones))
    try:
        wanted = join_request_of(request.form, request.form.getlist("weekdays"), slug, zones)
        perform(services.join, wanted, by=person, at=at)
    except Refusal as refusal:
        return _form(described_instrument(slug), person, at, request.form, refusal)
    flash(gettext("You stand in line. When time frees that fits, you get a mail."), "success")
    return redirect(url_for("waiting.index"))


@blueprint.post("/instruments/<slug>/watch")
def watch(slug: str) -> ResponseReturnValue:
    person = require_person()
    try:
        perform(services.watch, watch_request_of(request.form, slug), by=person, at=now())
    except Refusal as refusal:
        flash(refusal.in_one_line, "error")
        return redirect(url_for("catalogue.instrument", slug=slug) + "#waiting")
    flash(gettext("You get a message when time comes free, at most once a day."), "success")
    return redirect(url_for("waiting.index") + "#watches")


@blueprint.post("/instruments/<slug>/watch/stop")
def stop_watching(slug: str) -> ResponseReturnValue:
    perform(services.stop_watching, slug, by=require_person())
    flash(gettext("You get no more messages about this instrument."), "success")
    return redirect(url_for("waiting.index") + "#watches")


@blueprint.get("/manage/instruments/<slug>/waiting-list")
def line(slug: str) -> str:
    """Who stands in line, for the instrument's managers."""
    instrument, entries = queries.line_of(require_person(), slug)
    return render_template(
        "booking/waiting/line.html",
        instrument=instrument,
        entries=entries,
        states=STATES,
        tones=TONES,
        weekdays=WEEKDAYS,
    )


def _form(
    instrument: Instrument,
    person: Person,
    at: datetime,
    form: Mapping[str, str],
    refusal: Refusal | None = None,
) -> tuple[str, int]:
    mode = form.get("access_mode") or None
    page = render_template(
        "booking/waiting/join.html",
        instrument=instrument,
        form=form,
        chosen_days=request.form.getlist("weekdays"),
        errors=_sentences(refusal),
        zones=clock_zones(instrument.time_zone),
        weekdays=list(WEEKDAYS.items()),
        modes=[(each, MODES[each]) for each in instrument.access_modes],
        projects=projects_of(person, at.date()),
        agreements=agreements_open_to(person, instrument, at.date()),
        eligibility=eligibility_of(person, instrument, mode, at=at),
        waiting=queries.standing_and_watch(instrument.id, None)[0],
    )
    return page, refusal.status if refusal else 200


def _sentences(refusal: Refusal | None) -> dict[str, str]:
    if refusal is None:
        return {}
    return form_fields(refusal.fields) or {"_form": str(refusal.message)}
