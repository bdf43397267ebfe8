"""The manager's pages: what opens, closes and blocks an instrument, the bookings hit, and outside calendars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...catalogue.closing.errors import HitsBookings
from ...catalogue.closing.shown import hits_shown
from ...catalogue.models import Instrument, OpeningException
from ...catalogue.outside import services as outside
from ...catalogue.queries import instrument_by_slug, may_manage
from ...catalogue.rules import ExceptionKind
from ...foundation.clock import now
from ...foundation.errors import Forbidden, NotFound, Refusal
from ...foundation.http import show
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.current import require_person
from . import forms, guests, queries, services
from .shown import KINDS, calendars_shown, exceptions_shown

blueprint = Blueprint("closing", __name__)

_ROOT = "/manage/instruments/<slug>/closures"


@blueprint.get(_ROOT)
def index(slug: str) -> str:
    """All that comes, the bookings that it hits, and what can be done."""
    return _index(_managed(slug), {}, {})


@blueprint.get(f"{_ROOT}/new/<kind>")
def plan(slug: str, kind: str) -> str:
    """The form for a closure, an opening or a blocking."""
    if kind not in list(ExceptionKind):
        raise NotFound()
    return _form(_managed(slug), kind, {"kind": kind}, {})


@blueprint.post(_ROOT)
def enter(slug: str) -> ResponseReturnValue:
    """Save a plan; where it hits bookings that were not seen, list them first."""
    instrument = _managed(slug)
    kind = _kind_typed()

    def save() -> None:
        typed = forms.plan_from(request.form, instrument.time_zone)
        perform(services.enter, slug, typed, seen=request.form.getlist("seen"), **_by())

    return _saved(instrument, save, lambda errors: _form(instrument, kind, _typed(), errors))


@blueprint.route(f"{_ROOT}/<int:exception_id>", methods=["GET", "POST"])
def change(slug: str, exception_id: int) -> ResponseReturnValue:
    """The same form for a stretch that is there already."""
    instrument = _managed(slug)
    row = _row(instrument, exception_id)
    if request.method == "GET":
        values = forms.values_of(row, instrument.time_zone, show.language_tag())
        return _form(instrument, row.kind, values, {}, row)

    def save() -> None:
        typed = forms.changed(row, forms.plan_from(request.form, instrument.time_zone))
        perform(
            services.change, slug, exception_id, typed, seen=request.form.getlist("seen"), **_by()
        )

    return _saved(
        instrument, save, lambda errors: _form(instrument, row.kind, _typed(), errors, row)
    )


@blueprint.post(f"{_ROOT}/<int:exception_id>/lift")
def lift(slug: str, exception_id: int) -> ResponseReturnValue:
    """Take one back, or every week of it."""
    series = request.form.get("series") == "1"
    return _done(
        slug,
        lambda: perform(services.lift, slug, exception_id, series=series, **_by()),
        gettext("It is lifted."),
    )


@blueprint.post(f"{_ROOT}/outage")
def outage(slug: str) -> ResponseReturnValue:
    """Close the instrument from now on; those whose bookings are hit are told at once."""
    instrument = _managed(slug)

    def close() -> None:
        plan = forms.outage_from(request.form, instrument.time_zone, now())
        perform(services.enter, slug, plan, **_by())

    done = gettext("The instrument is closed. Those whose bookings are hit have been told.")
    return _done(slug, close, done, "#hits")


@blueprint.post(f"{_ROOT}/cancel")
def cancel_hit(slug: str) -> ResponseReturnValue:
    """Cancel the chosen bookings that are hit."""

    def cancel() -> None:
        chosen, reason = request.form.getlist("reference"), request.form.get("comment", "")
        perform(services.cancel_hit, slug, chosen, reason, **_by())

    done = gettext("The chosen bookings are cancelled, and their applicants have been told.")
    return _done(slug, cancel, done, "#hits")


@blueprint.post(f"{_ROOT}/calendars")
def subscribe(slug: str) -> ResponseReturnValue:
    """Follow an outside calendar."""

    def follow() -> None:
        typed = load(forms.CalendarForm(), request.form)
        title = {typed["reason_language"]: typed["calendar_title"]}
        perform(outside.subscribe, slug, typed["url"], title, **_by())

    return _done(slug, follow, gettext("The calendar is followed. It is read within a minute."))


@blueprint.post(f"{_ROOT}/calendars/<int:calendar_id>/<any(remove, fetch):what>")
def calendar(slug: str, calendar_id: int, what: str) -> ResponseReturnValue:
    """Follow one no longer, or read it now."""
    if what == "remove":
        done = gettext("The calendar is no longer followed; its closures are gone.")
        return _done(slug, lambda: perform(outside.unsubscribe, slug, calendar_id, **_by()), done)
    done = gettext("The calendar is read within a minute.")
    return _done(slug, lambda: perform(outside.fetch_soon, slug, calendar_id, **_by()), done)


def _by() -> dict[str, Any]:
    return {"by": require_person(), "at": now()}


def _managed(slug: str) -> Instrument:
    person, instrument = require_person(), instrument_by_slug(slug)
    if not may_manage(person, instrument):
        raise Forbidden()
    return instrument


def _row(instrument: Instrument, exception_id: int) -> OpeningException:
    found = [row for row in queries.to_come(instrument, now()) if row.id == exception_id]
    if not found:
        raise NotFound()
    return found[0]


def _kind_typed() -> str:
    kind = request.form.get("kind", "")
    return kind if kind in list(ExceptionKind) else ExceptionKind.CLOSURE


def _typed() -> dict[str, Any]:
    """What was typed, lists as lists."""
    lists = {name: request.form.getlist(name) for name in forms.LISTS}
    return {**request.form.to_dict(), **lists}


def _saved(
    instrument: Instrument, save: Callable[[], None], again: Callable[[Mapping[str, Any]], str]
) -> ResponseReturnValue:
    """Save and go back to the list; or the page with what was hit; or the form with what is wrong."""
    try:
        save()
    except HitsBookings as refusal:
        return _check_page(instrument, refusal), refusal.status
    except Refusal as refusal:
        return again(refusal.by_field), refusal.status
    flash(gettext("It is saved."), "success")
    return redirect(url_for("closing.index", slug=instrument.slug))


def _done(slug: str, act: Callable[[], object], done: str, anchor: str = "") -> ResponseReturnValue:
    """Do it and go back to the list; or show the list with what is wrong."""
    instrument = _managed(slug)
    try:
        act()
    except Refusal as refusal:
        errors = refusal.by_field
        return _index(instrument, request.form.to_dict(), errors), refusal.status
    flash(done, "success")
    return redirect(url_for("closing.index", slug=slug) + anchor)


def _index(instrument: Instrument, values: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    person, at = require_person(), now()
    hits = queries.hits_on(instrument.id, at)
    return render_template(
        "booking/closing/index.html",
        instrument=instrument,
        kinds=list(KINDS.items()),
        exceptions=exceptions_shown(queries.to_come(instrument, at), instrument),
        calendars=calendars_shown(
            queries.outside_calendars_of(instrument), instrument.time_zone, at
        ),
        hits=hits_shown([hit for hit in hits if not hit.stays], queries.cancellable(hits, person)),
        values=values,
        errors=errors,
    )


def _form(
    instrument: Instrument,
    kind: str,
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    row: OpeningException | None = None,
) -> str:
    return render_template(
        "booking/closing/form.html",
        instrument=instrument,
        kind=kind,
        label=str(KINDS[kind]),
        values=values,
        errors=errors,
        row=row,
        choices=guests.choices_for(instrument) if kind == ExceptionKind.BLOCKING else None,
    )


def _check_page(instrument: Instrument, refusal: HitsBookings) -> str:
    """What a plan hits, and everything that was typed to send it again."""
    hits = hits_shown(refusal.hits)
    sent = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "seen")
    ]
    return render_template(
        "booking/closing/check.html",
        instrument=instrument,
        label=str(KINDS[_kind_typed()]),
        hits=[hit for hit in hits if not hit.stays],
        staying=[hit for hit in hits if hit.stays],
        sent=sent,
    )
