"""The pages of those who write calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...catalogue.models import Facility
from ...catalogue.queries import instruments_of
from ...foundation.clock import now
from ...foundation.errors import DomainError, Forbidden, NotFound
from ...foundation.http import show as showing
from ...foundation.http.conditional import number_in
from ...foundation.languages import LANGUAGES
from ...foundation.transaction import perform
from ...identity.current import require_person
from . import forms, queries, services, shown
from .labels import CALLS, TONES
from .models import Call
from .rules import CallState

#: What no correction in the form mends.
ELSEWHERE = (Forbidden, NotFound)


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
    """Write a call at a facility (`?facility=`)."""
    person = require_person()
    queries.check_manages(person)
    slug = request.args.get("facility", "")[:80]
    facilities = queries.facilities_with_calls_of(person)
    facility = next((each for each in facilities if each.slug == slug), None)
    if facility is None:
        return redirect(url_for("calls.manage_index"))

    def save() -> Call:
        draft = forms.draft_from(request.form, facility)
        return perform(services.write_call, draft, by=person, at=now())

    return _form(gettext("New call"), forms.new_values(facility), save, facility)


def change(reference: str) -> ResponseReturnValue:
    """Write a call anew, until it opens."""
    person = require_person()
    call = queries.managed_call(reference, by=person)

    def save() -> Call:
        return perform(
            services.change_call, reference, forms.draft_from(request.form, call.facility),
            by=person, at=now(), version=number_in(request.form.get("version", "")) or 0,
        )  # fmt: skip

    return _form(gettext("Change the call"), forms.values_of(call), save, call.facility, call)


def announce(reference: str) -> ResponseReturnValue:
    """Show a call to everybody."""
    person = require_person()
    try:
        perform(services.announce, reference, by=person, at=now())
    except DomainError as refusal:
        if isinstance(refusal, ELSEWHERE):
            raise
        flash(" ".join(map(str, refusal.fields.values() or [refusal.message])), "error")
    else:
        flash(gettext("The call is announced. It opens and closes by itself."), "success")
    return redirect(url_for("calls.show", reference=reference))


def _form(
    title: str,
    values: Mapping[str, Any],
    save: Callable[[], Call],
    facility: Facility,
    call: Call | None = None,
) -> ResponseReturnValue:
    """The form; or the saved call; or the form as it was typed, with what is wrong."""
    if request.method == "GET":
        return _form_page(title, values, {}, facility, call)
    try:
        saved = save()
    except DomainError as refusal:
        if isinstance(refusal, ELSEWHERE):
            raise
        typed = request.form.to_dict() | {"instruments": request.form.getlist("instruments")}
        errors = _linked(dict(refusal.fields) or {"_form": refusal.message})
        return _form_page(title, typed, errors, facility, call), refusal.status
    flash(gettext("It is saved."), "success")
    return redirect(url_for("calls.show", reference=saved.reference))


def _linked(errors: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with several fields is told at the first of them."""
    first = {"titles": f"title_{LANGUAGES[0].tag}", "criteria": f"criterion0_{LANGUAGES[0].tag}"}
    return {first.get(name, name): sentence for name, sentence in errors.items()}


def _form_page(
    title: str,
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    facility: Facility,
    call: Call | None,
) -> str:
    return render_template(
        "access/calls/form.html",
        title=title,
        values=values,
        errors=errors,
        facility=facility,
        call=call,
        is_fixed=bool(call and call.state(now()) not in (CallState.DRAFT, CallState.ANNOUNCED)),
        version=request.form.get("version") or (call.version if call else ""),
        instruments=[(it.slug, showing.localized(it.names)) for it in instruments_of(facility)],
        zone=showing.zone_name(facility.time_zone, now()),
        **shown.form_choices(require_person()),
    )


def _facility_choices(facilities: Any) -> list[tuple[str, str]]:
    return [
        (it.slug, f"{showing.localized(it.names)} – {showing.localized(it.host.names)}")
        for it in facilities
    ]
