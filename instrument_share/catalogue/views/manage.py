"""What managers see and change: their instruments, texts, times and status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import Forbidden, Refusal
from ...foundation.http.schema import load
from ...foundation.languages import native_name
from ...foundation.transaction import perform
from ...identity.current import require_person
from .. import forms, managed, queries, services
from ..labels import STATUSES
from ..models import Instrument
from ..opening import DAYS
from ..territories import territory_choices
from . import blueprint


@blueprint.get("/manage/instruments")
def managed_instruments() -> str:
    """The instruments that the person may change, searched and filtered where there are many."""
    everything = queries.instruments_managed_by(require_person())
    asked = load(managed.ManagedQuery(), request.args)
    return render_template(
        "catalogue/managed_instruments.html",
        everything=everything,
        instruments=managed.fitting(everything, asked),
        facilities=managed.facilities_of(everything),
        statuses=list(STATUSES.items()),
        asked=asked,
    )


@blueprint.get("/manage/instruments/<slug>")
def manage_instrument(slug: str) -> str:
    """Everything that can be changed, each part a form of its own."""
    return _page(_managed(slug), {}, {})


@blueprint.post("/manage/instruments/<slug>/texts")
def change_texts(slug: str) -> ResponseReturnValue:
    def change() -> None:
        texts, version = forms.texts_from(request.form, _managed(slug))
        _perform(services.change_texts, slug, texts, version=version)

    return _answer(slug, change, gettext("The texts are saved."))


@blueprint.post("/manage/instruments/<slug>/slot-rules")
def change_slot_rules(slug: str) -> ResponseReturnValue:
    def change() -> None:
        rules, version = forms.slot_rules_from(request.form)
        _perform(services.change_slot_rules, slug, rules, version=version)

    return _answer(slug, change, gettext("The rules for bookings are saved."))


@blueprint.post("/manage/instruments/<slug>/positions")
def name_positions(slug: str) -> ResponseReturnValue:
    def change() -> None:
        names, version = forms.position_names_from(request.form, _managed(slug))
        _perform(services.name_positions, slug, names, version=version)

    return _answer(slug, change, gettext("The names of the positions are saved."))


@blueprint.post("/manage/instruments/<slug>/opening")
def change_opening(slug: str) -> ResponseReturnValue:
    def change() -> None:
        hours, version = forms.opening_from(request.form)
        _perform(services.change_opening, slug, hours, version=version)

    return _answer(slug, change, gettext("The opening hours are saved."))


@blueprint.post("/manage/instruments/<slug>/status")
def change_status(slug: str) -> ResponseReturnValue:
    def change() -> None:
        status, version = forms.status_from(request.form)
        _perform(services.change_status, slug, status, version=version)

    return _answer(slug, change, gettext("The status is saved."))


def _perform(service: Callable[..., object], *values: object, **more: object) -> None:
    perform(service, *values, by=require_person(), at=now(), **more)


def _answer(slug: str, change: Callable[[], None], done: str) -> ResponseReturnValue:
    """Make the change and go back to the page; or show what was typed with what is wrong about it."""
    require_person()
    try:
        change()
    except Refusal as error:
        errors = error.by_field
        return _page(_managed(slug), request.form, errors), error.status
    flash(done, "success")
    return redirect(url_for("catalogue.manage_instrument", slug=slug))


def _managed(slug: str) -> Instrument:
    instrument = queries.described_instrument(slug)
    if not queries.may_manage(require_person(), instrument):
        raise Forbidden()
    return instrument


def _page(instrument: Instrument, typed: Mapping[str, str], errors: Mapping[str, Any]) -> str:
    return render_template(
        "catalogue/manage_instrument.html",
        instrument=instrument,
        values=forms.values_of(instrument) | dict(typed),
        errors=errors,
        text_languages=[(tag, native_name(tag)) for tag in forms.languages_of(instrument)],
        days=DAYS,
        statuses=list(STATUSES.items()),
        territories=territory_choices(),
    )
