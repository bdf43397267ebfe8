"""The pages of those who write calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...catalogue.models import Facility
from ...catalogue.queries import instruments_of
from ...foundation.clock import now
from ...foundation.errors import Refusal
from ...foundation.http import show as showing
from ...foundation.http.conditional import version_sent
from ...foundation.languages import LANGUAGES
from ...foundation.transaction import perform
from ...identity.current import require_person
from . import forms, queries, services, shown
from .labels import CALLS, TONES
from .models import Call
from .rules import CallState


def mount(blueprint: Blueprint) -> None:
    """Add these pages to the room's blueprint."""
    for rule, view, methods in (
        ("/manage/calls", index, ["GET"]),
        ("/manage/calls/new", write, ["GET", "POST"]),
        ("/manage/calls/<reference>/edit", change, ["GET", "POST"]),
        ("/manage/calls/<reference>/announce", announce, ["POST"]),
    ):
        blueprint.add_url_rule(rule, f"manage_{view.__name__}", view, methods=methods)


def index() -> str:
    """The calls that the reader looks after, and where a new one can begin."""
    person, at = require_person(), now()
    return render_template(
        "access/calls/manage.html",
        cards=[shown.card(each, at) for each in queries.managed_calls(person)],
        facilities=_facility_choices(queries.facilities_with_calls_of(person)),
        states=CALLS,
        tones=TONES,
    )


def write() -> ResponseReturnValue:
    """Write a call of a facility (`?facility=`), and others together with it (`&with=`)."""
    person = require_person()
    queries.check_manages(person)
    facilities = _asked(queries.facilities_with_calls_of(person))
    if not facilities:
        return redirect(url_for("calls.manage_index"))

    def save() -> Call:
        draft = forms.draft_from(request.form, facilities)
        return perform(services.write_call, draft, by=person, at=now())

    return _form(gettext("New call"), forms.new_values(), save, facilities)


def change(reference: str) -> ResponseReturnValue:
    """Write a call anew, until it opens; for other facilities where the address names them."""
    person = require_person()
    call = queries.managed_call(reference, by=person)
    asked = _asked(queries.facilities_with_calls_of(person)) if "facility" in request.args else []
    facilities = asked or [each.facility for each in call.offers]

    def save() -> Call:
        version = version_sent()  # first: a call that has opened has no form that carries one
        draft = forms.draft_from(request.form, facilities)
        return perform(services.change_call, reference, draft, by=person, at=now(), version=version)

    return _form(gettext("Change the call"), forms.values_of(call), save, facilities, call)


def announce(reference: str) -> ResponseReturnValue:
    """Show a call to everybody."""
    person = require_person()
    try:
        perform(services.announce, reference, by=person, at=now())
    except Refusal as refusal:
        flash(refusal.in_one_line, "error")
    else:
        flash(gettext("The call is announced. It opens and closes by itself."), "success")
    return redirect(url_for("calls.show", reference=reference))


def _form(
    title: str,
    values: Mapping[str, Any],
    save: Callable[[], Call],
    facilities: Sequence[Facility],
    call: Call | None = None,
) -> ResponseReturnValue:
    """The form; or the saved call; or the form as it was typed, with what is wrong."""
    if request.method == "GET":
        return _form_page(title, values, {}, facilities, call)
    try:
        saved = save()
    except Refusal as refusal:
        typed = request.form.to_dict() | _lists(facilities)
        errors = _linked(refusal.by_field)
        return _form_page(title, typed, errors, facilities, call), refusal.status
    flash(gettext("It is saved."), "success")
    return redirect(url_for("calls.show", reference=saved.reference))


def _linked(errors: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with several fields is told at the first of them; what no field is to blame for, at none."""
    first = {
        "titles": f"title_{LANGUAGES[0].tag}",
        "criteria": f"criterion0_{LANGUAGES[0].tag}",
        "instruments": "_instruments",
    }
    return {first.get(name, name): sentence for name, sentence in errors.items()}


def _form_page(
    title: str,
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    facilities: Sequence[Facility],
    call: Call | None,
) -> str:
    return render_template(
        "access/calls/form.html",
        title=title,
        values=values,
        errors=errors,
        facilities=facilities,
        names=[showing.localized(each.names) for each in facilities],
        call=call,
        is_fixed=bool(call and call.state(now()) not in (CallState.DRAFT, CallState.ANNOUNCED)),
        version=request.form.get("version") or (call.version if call else ""),
        instruments={it.slug: _instrument_choices(it) for it in facilities},
        zone=showing.zone_name(facilities[0].time_zone, now()),
        **shown.form_choices(require_person()),
    )


def _asked(facilities: Sequence[Facility]) -> list[Facility]:
    """Those of the facilities that the address names, first the one whose clock counts."""
    known = {each.slug: each for each in facilities}
    named = dict.fromkeys([request.args.get("facility", ""), *request.args.getlist("with")])
    return [known[slug] for slug in named if slug in known] if next(iter(named)) in known else []


def _lists(facilities: Sequence[Facility]) -> dict[str, list[str]]:
    """The instruments that were ticked."""
    names = [f"instruments-{each.slug}" for each in facilities]
    return {name: request.form.getlist(name) for name in names}


def _instrument_choices(facility: Facility) -> list[tuple[str, str]]:
    return [(it.slug, showing.localized(it.names)) for it in instruments_of(facility)]


def _facility_choices(facilities: Any) -> list[tuple[str, str]]:
    return [
        (it.slug, f"{showing.localized(it.names)} – {showing.localized(it.host.names)}")
        for it in facilities
    ]
