"""Pages for a phone at the instrument, and the label that leads there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.documents.typeset import MEDIA_TYPE
from ...foundation.errors import Refusal
from ...foundation.http.conditional import version_sent
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.current import require_person
from ..labels import DONE
from ..models import Booking
from ..rules import Action
from ..views.pages import refusal_sentences
from . import queries, services
from .label import address_of, label_pages
from .schemas import ActForm, FaultForm

blueprint = Blueprint("at_instrument", __name__)
_ACTS: dict[str, tuple[Action, Callable[..., Booking]]] = {
    "start": (Action.START, services.start_here),
    "finish": (Action.FINISH, services.finish_here),
}


@blueprint.get("/at/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """What the label opens for the reader."""
    return _page(slug)


@blueprint.post("/at/<slug>/<any(start, finish):what>")
def act(slug: str, what: str) -> ResponseReturnValue:
    """Start or finish a use here and now."""
    action, service = _ACTS[what]
    person = require_person()
    try:
        reference = load(ActForm(), request.form)["reference"]
        perform(service, slug, reference, by=person, at=now(), version=version_sent())
    except Refusal as refusal:
        return _refused(slug, refusal)
    flash(str(DONE[action]), "success")
    return redirect(url_for("at_instrument.show", slug=slug))


@blueprint.post("/at/<slug>/faults")
def report(slug: str) -> ResponseReturnValue:
    """Tell whoever is in charge that something is wrong."""
    try:
        words = load(FaultForm(), request.form)["text"]
        perform(services.report_fault, slug, words, by=require_person(), at=now())
    except Refusal as refusal:
        return _refused(slug, refusal, request.form)
    flash(gettext("The operators and the manager are told. Thank you."), "success")
    return redirect(url_for("at_instrument.show", slug=slug))


@blueprint.post("/at/<slug>/faults/<int:fault_id>/settle")
def settle(slug: str, fault_id: int) -> ResponseReturnValue:
    """The fault is no more."""
    perform(services.settle_fault, slug, fault_id, by=require_person(), at=now())
    return redirect(url_for("at_instrument.show", slug=slug))


@blueprint.route("/manage/instruments/<slug>/label", methods=["GET", "POST"])
def label(slug: str) -> ResponseReturnValue:
    """The label's page: what it lets applicants do, and its PDF."""
    person = require_person()
    instrument = queries.instrument_to_label(person, slug)
    if request.method == "POST":
        allowed = "self_service" in request.form
        perform(services.let_applicants_start, slug, allowed, by=person, at=now())
        flash(gettext("Saved."), "success")
        return redirect(url_for("at_instrument.label", slug=slug))
    return render_template(
        "booking/at_instrument/label.html",
        instrument=instrument,
        address=address_of(instrument),
        self_service=queries.is_self_service(instrument),
    )


@blueprint.get("/manage/instruments/<slug>/label.pdf")
def label_pdf(slug: str) -> Response:
    """The label to print."""
    instrument = queries.instrument_to_label(require_person(), slug)
    answer = Response(label_pages(instrument), content_type=MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=f"label-{slug}.pdf")
    return answer


def _refused(
    slug: str, refusal: Refusal, form: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    return _page(slug, refusal_sentences(refusal), form), refusal.status


def _page(
    slug: str, errors: Mapping[str, Any] | None = None, form: Mapping[str, str] | None = None
) -> str:
    at = now()
    spot = queries.spot_of(require_person(), slug, at)
    return render_template(
        "booking/at_instrument/show.html",
        spot=spot,
        errors=errors or {},
        form=form or {},
        acts=queries.acts_open_on(spot, at),
    )
