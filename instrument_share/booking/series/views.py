"""Pages of series: the check before one is sent, the series itself, and what is done with its occurrences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...catalogue.models import Instrument
from ...catalogue.queries import described_instrument
from ...foundation.clock import now, zone
from ...foundation.errors import NotFound, Refusal
from ...foundation.http.conditional import version_sent
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.models import Person
from ...identity.once import form_key, form_once
from ..desk.way_back import way_to_desk
from ..rules import Action
from ..slot_form import slot_of
from ..views.asking import request_page
from ..views.pages import clock_zones, folds_in, refusal_sentences
from ..wall_time import filled_in
from . import services
from .errors import NothingLeft, PlanChanged, RuleNotTaken, SeriesConflict
from .forms import SeriesActionForm, reach_of, series_request_of
from .planning import OnConflict, Planned, conflicts_in, counts_of
from .queries import SeriesView, series_for
from .rules import RuleFault
from .sentence import sentence_of
from .shown import (
    ASKED,
    CHOICES,
    DECISIONS,
    DONE,
    SCOPES,
    actions_in,
    counts_shown,
    digest_of_plan,
    occurrence_choices,
    rhythm_of,
    rows_of,
)
from .values import Extent, SeriesRequest

blueprint = Blueprint("series", __name__)

#: What the check page does not hand on: it has fields of its own for them.
_OWN_FIELDS = frozenset({"csrf_token", "do", "on_conflict", "seen", "submission", "choose"})


@blueprint.route("/instruments/<slug>/book/series", methods=["GET", "POST"])
def check(slug: str) -> ResponseReturnValue:
    """Every occurrence with what keeps it from being had, and what to do about those; then sent."""
    person, at = require_person(), now()
    instrument = described_instrument(slug)
    if request.method == "GET":
        return redirect(url_for("booking.book", slug=slug))
    try:
        wanted = series_request_of(request.form, slug, clock_zones(instrument.time_zone))
        if request.form.get("do") == "send" and "seen" in request.form:
            reference = _once(person, at, wanted)
            flash(str(DONE[Action.CREATE]), "success")
            return redirect(url_for("series.show", reference=reference))
        return _check_page(instrument, wanted, services.check_series(wanted, by=person, at=at))
    except (SeriesConflict, NothingLeft, PlanChanged) as refusal:
        return _check_page(described_instrument(slug), wanted, refusal.planned, refusal)
    except Refusal as refusal:
        instrument = described_instrument(slug)
        return request_page(instrument, person, at, request.form, _at_its_field(refusal))


def _once(person: Person, at: datetime, wanted: SeriesRequest) -> str:
    """The form carries a key of its own: sent twice, it makes one series; and only the one that was shown."""

    def answer() -> dict[str, str]:
        series, planned = services.create_series(wanted, by=person, at=at)
        if digest_of_plan(planned) != request.form["seen"]:
            raise PlanChanged(planned)
        return {"reference": series.reference}

    return str(form_once(person, at, answer)["reference"])


def _at_its_field(refusal: Refusal) -> Refusal:
    """A fault of the rule belongs to one of the fields that it was made of."""
    if isinstance(refusal, RuleNotTaken):
        field = "day" if refusal.code == RuleFault.FIRST else "times"
        refusal.fields = {field: refusal.fields["rrule"]}
    return refusal


def _check_page(
    instrument: Instrument,
    wanted: SeriesRequest,
    planned: Sequence[Planned],
    refusal: Refusal | None = None,
) -> tuple[str, int]:
    there = instrument.time_zone
    first = wanted.first.starts_at.astimezone(zone(there)).replace(tzinfo=None)
    stops = wanted.on_conflict is OnConflict.STOP and bool(conflicts_in(planned))
    page = render_template(
        "booking/series/check.html",
        instrument=instrument,
        kept=[(name, text) for name, text in request.form.items() if name not in _OWN_FIELDS],
        key=form_key(),
        rhythm=sentence_of(wanted.rrule, first, there),
        minutes=int((wanted.first.ends_at - wanted.first.starts_at).total_seconds() // 60),
        rows=rows_of(planned, there),
        conflicts=len(conflicts_in(planned)),
        booked=sum(each.taken is not None for each in planned),
        counts=counts_of(planned),
        on_conflict=wanted.on_conflict.value,
        choices=list(CHOICES.items()),
        can_be_sent=not stops and any(each.taken for each in planned),
        seen=digest_of_plan(planned),
        errors=refusal_sentences(refusal, "_form"),
    )
    return page, refusal.status if refusal else 200


@blueprint.get("/series/<reference>")
def show(reference: str) -> ResponseReturnValue:
    person = require_person()
    return _series_page(series_for(person, reference), person, now())


def _series_page(
    view: SeriesView, person: Person, at: datetime, refusal: Refusal | None = None
) -> tuple[str, int]:
    open_ = actions_in(view, person, at)
    page = render_template(
        "booking/series/series.html",
        series=view.series,
        bookings=view.bookings,
        version=view.version,
        rhythm=rhythm_of(view.series),
        counts=counts_shown(view.bookings),
        asked=[(action, label) for action, label in ASKED.items() if action in open_],
        waiting=open_.get(Action.APPROVE, 0),
        errors=refusal_sentences(refusal, "_series"),
    )
    return page, refusal.status if refusal else 200


@blueprint.route("/series/<reference>/<action>", methods=["GET", "POST"])
def act(reference: str, action: str) -> ResponseReturnValue:
    """GET asks which occurrences are meant; POST does it."""
    person, at = require_person(), now()
    wanted = _action_named(action)
    view = series_for(person, reference)
    if request.method == "GET":
        if wanted not in ASKED or wanted not in actions_in(view, person, at):
            return redirect(url_for("series.show", reference=reference))
        return _action_page(view, wanted, _begun(view, at))
    try:
        perform(_SERVICES[wanted], reference, by=person, at=at, **_said(view, wanted))
    except Refusal as refusal:
        view = series_for(person, reference)
        if wanted in ASKED:
            return _action_page(view, wanted, request.form, refusal)
        return _series_page(view, person, at, refusal)
    flash(str(DONE[wanted]), "success")
    return redirect(way_to_desk() or url_for("series.show", reference=reference))


_SERVICES: dict[Action, Callable[..., Any]] = {
    Action.CANCEL: services.cancel_series,
    Action.RESCHEDULE: services.reschedule_series,
    Action.APPROVE: services.approve_series,
    Action.REJECT: services.reject_series,
    Action.REQUEST_CHANGES: services.request_changes_of_series,
}


def _action_named(word: str) -> Action:
    if word not in {action.value for action in _SERVICES}:
        raise NotFound()
    return Action(word)


def _said(view: SeriesView, action: Action) -> dict[str, Any]:
    """What the form says, as the service's arguments. Raises InvalidInput."""
    said: dict[str, Any] = {"version": version_sent()}
    form = load(SeriesActionForm(), request.form)
    if action in DECISIONS:
        return said | {"comment": form["comment"]}
    said["reach"] = reach_of(form)
    if action is Action.CANCEL:
        return said | {"comment": form["comment"]}
    said["on_conflict"] = OnConflict(form["on_conflict"])
    said["starts_at"], said["ends_at"] = slot_of(request.form, clock_zones(view.series.time_zone))
    return said


def _begun(view: SeriesView, at: datetime) -> dict[str, str]:
    """The form of an action when it is opened: from the occurrence that the link names, else the next one."""
    coming = [booking for booking in view.bookings if booking.starts_at > at]
    named = [each for each in coming if each.reference == request.args.get("from")]
    origin = (named or coming)[0]
    return {
        "from": origin.reference,
        "scope": Extent.ONE if named else Extent.ALL,
        **filled_in(origin.starts_at, origin.ends_at, origin.time_zone),
    }


def _action_page(
    view: SeriesView,
    action: Action,
    form: Mapping[str, str],
    refusal: Refusal | None = None,
) -> tuple[str, int]:
    series = view.series
    zones = clock_zones(series.time_zone)
    planned = refusal.planned if isinstance(refusal, SeriesConflict) else ()
    page = render_template(
        "booking/series/action.html",
        series=series,
        action=action,
        label=ASKED[action],
        rhythm=rhythm_of(series),
        version=view.version,
        form=form,
        zones=zones,
        folds=folds_in(form, zones),
        scopes=list(SCOPES.items()),
        occurrences=occurrence_choices(
            [booking for booking in view.bookings if booking.position is not None]
        ),
        rows=rows_of(planned, series.time_zone),
        some_can=any(each.taken for each in planned),
        errors=refusal_sentences(refusal, "_action"),
    )
    return page, refusal.status if refusal else 200
