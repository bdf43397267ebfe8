"""The page of whoever looks after a call: its reviewers, the ranking, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ....foundation.clock import now
from ....foundation.errors import InvalidInput, Refusal
from ....foundation.http import show as showing
from ....foundation.http.conditional import text_sent
from ....foundation.http.schema import load
from ....foundation.transaction import perform
from ....identity.current import require_person
from ...projects.forms import InviteForm
from .. import forms as calls
from .. import services as services_of_calls
from .. import shown
from ..errors import OwnMatter
from ..labels import CALLS, TONES
from ..reviewing import services as reviewing
from . import forms, queries, services
from .shown import candidate_shown, plan_shown

blueprint = Blueprint("decisions", __name__)


@blueprint.get("/manage/calls/<reference>")
def show(reference: str) -> str:
    """Everything about a call for whoever decides it."""
    return _page(reference, {}, {})


@blueprint.post("/manage/calls/<reference>/extend")
def extend(reference: str) -> ResponseReturnValue:
    """Give those who propose, or the reviewers, more time."""
    person = require_person()
    call = queries.call_to_decide(reference, by=person)

    def act() -> None:
        times = calls.later_from(request.form, call)
        perform(services_of_calls.extend, reference, times, by=person, at=now())

    return _done(reference, act, gettext("The call has more time now."), "#times")


@blueprint.post("/manage/calls/<reference>/reviewers")
def appoint(reference: str) -> ResponseReturnValue:
    """Ask somebody to review."""
    person = require_person()

    def act() -> None:
        email = load(InviteForm(), request.form)["email"]
        perform(reviewing.appoint, reference, email, by=person, at=now())

    return _done(reference, act, gettext("The reviewer is appointed and told."), "#reviewers")


@blueprint.post("/manage/calls/<reference>/reviewers/<int:person_id>/dismiss")
def dismiss(reference: str, person_id: int) -> ResponseReturnValue:
    """Take a reviewer off."""
    person = require_person()

    def act() -> None:
        perform(reviewing.dismiss, reference, person_id, by=person, at=now())

    return _done(reference, act, gettext("The reviewer is taken off the call."), "#reviewers")


@blueprint.post("/manage/calls/<reference>/plan")
def plan(reference: str) -> ResponseReturnValue:
    """Note who is to get how many hours."""
    person = require_person()
    call = queries.call_to_decide(reference, by=person)

    def act() -> None:
        proposals = [each.proposal for each in queries.ranking(call, now())]
        grants = forms.grants_from(request.form, proposals, call)
        perform(services.plan, reference, grants, by=person, at=now(), mark=text_sent("mark"))

    said = gettext("The plan is saved. Nobody is told before you publish the decision.")
    return _done(reference, act, said, "#publish")


@blueprint.post("/manage/calls/<reference>/publish")
def publish(reference: str) -> ResponseReturnValue:
    """Decide the call."""
    person = require_person()

    def act() -> None:
        if not request.form.get("sure"):
            sentence = gettext("Say that you are sure: it cannot be taken back.")
            raise InvalidInput(fields={"sure": sentence})
        perform(services.publish, reference, by=person, at=now(), mark=text_sent("mark"))

    said = gettext("The decision is published. Everybody who proposed something is told.")
    return _done(reference, act, said, "#ranking")


def _done(reference: str, act: Callable[[], None], said: str, anchor: str) -> ResponseReturnValue:
    """Do it and go back to the page; or show the page with what is wrong."""
    try:
        act()
    except OwnMatter:  # which no correction in the form mends
        raise
    except Refusal as refusal:
        errors = dict(refusal.fields) or {"_form": _said(refusal, reference)}
        return _page(reference, request.form, errors), refusal.status
    flash(said, "success")
    return redirect(url_for("decisions.show", reference=reference) + anchor)


def _said(refusal: Refusal, reference: str) -> Any:
    """The sentence of a refusal; of too many hours, at which of several facilities."""
    offers = queries.call_to_decide(reference, by=require_person()).offers
    where = next((it for it in offers if it.facility.slug == refusal.details.get("facility")), None)
    if where is None or len(offers) == 1:
        return refusal.message
    return gettext(
        "Together these are more hours than %(facility)s gives. Lower some of them and save again.",
        facility=showing.localized(where.facility.names),
    )


def _page(reference: str, values: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    at = now()
    call = queries.call_to_decide(reference, by=require_person())
    candidates = queries.ranking(call, at)
    proposals = [each.proposal for each in candidates]
    return render_template(
        "access/calls/decision.html",
        call=call,
        state=call.state(at),
        facts=shown.facts(call),
        reviewers=queries.reviewers_of(call),
        candidates=[candidate_shown(each, call) for each in candidates],
        missing=sum(it.is_due for each in candidates for it in each.assignments),
        planned=plan_shown(candidates, call),
        mark=queries.mark_of(proposals),
        values=calls.times_shown(call) | forms.values_of(proposals) | dict(values),
        zone=showing.zone_name(call.time_zone, call.closes_at),
        errors=errors,
        states=CALLS,
        tones=TONES,
    )
