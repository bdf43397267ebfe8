"""The reviewer's desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ....catalogue.labels import FIELDS
from ....foundation.clock import now
from ....foundation.errors import Refusal
from ....foundation.http.conditional import version_sent
from ....foundation.http.schema import load
from ....foundation.transaction import perform
from ....identity.current import require_person
from .. import shown as calls
from ..labels import CALLS, TONES, YOUR_TIES
from ..rules import CallState
from . import forms, queries, services, shown

blueprint = Blueprint("reviews", __name__)


@blueprint.get("/reviews")
def index() -> str:
    """What the reader is asked to review, and what they said."""
    person, at = require_person(), now()
    return render_template(
        "access/calls/reviews.html",
        assignments=queries.assignments_of(person, at),
        at=at,
        states=CALLS,
        ties=YOUR_TIES,
        tones=TONES,
    )


@blueprint.route("/reviews/<reference>", methods=["GET", "POST"])
def show(reference: str) -> ResponseReturnValue:
    """Read a proposal and score it, bit by bit; the others' reviews come once one's own is handed in."""
    if request.method == "GET":
        return _page(reference)
    is_draft = request.form.get("do") == "draft"
    try:
        _save(reference, is_draft=is_draft)
    except Refusal as refusal:
        return _again(reference, refusal)
    if is_draft:
        flash(gettext("Your draft is kept. It counts once you hand it in."), "success")
    else:
        flash(
            gettext("Your review is handed in. Now you can read what the others said."), "success"
        )
    return redirect(url_for("reviews.show", reference=reference))


@blueprint.post("/reviews/<reference>/conflict")
def declare(reference: str) -> ResponseReturnValue:
    """Say why one should not judge this proposal."""
    person = require_person()
    try:
        words = load(forms.WordsForm(), request.form)["words"]
        perform(services.declare, reference, words, by=person, at=now())
    except Refusal as refusal:
        return _again(reference, refusal)
    flash(gettext("Thank you. You are not asked to review this proposal any more."), "success")
    return redirect(url_for("reviews.index"))


def _save(reference: str, *, is_draft: bool) -> None:
    person, at = require_person(), now()
    call = queries.assignment_for(reference, by=person, at=at).reviewer.call
    draft = forms.draft_from(request.form, call, whole=not is_draft)
    version = version_sent()
    act = services.keep_unfinished if is_draft else services.hand_in
    perform(act, reference, draft, by=person, at=at, version=version)


def _again(reference: str, refusal: Refusal) -> ResponseReturnValue:
    fields = {name.replace("scores.", "score-"): it for name, it in refusal.fields.items()}
    errors = fields or {"_form": refusal.message}
    return _page(reference, request.form.to_dict(), errors), refusal.status


def _page(
    reference: str, typed: dict[str, Any] | None = None, errors: Mapping[str, Any] | None = None
) -> str:
    at = now()
    assignment = queries.assignment_for(reference, by=require_person(), at=at)
    call, proposal, review = assignment.reviewer.call, assignment.proposal, assignment.review
    return render_template(
        "access/calls/review.html",
        assignment=assignment,
        proposal=proposal,
        call=call,
        is_in_review=call.state(at) == CallState.IN_REVIEW,
        people=calls.people(proposal),
        wishes=calls.wishes(proposal),
        together=calls.givers(call) if len(call.offers) > 1 else "",
        field=FIELDS[proposal.field],
        criteria=list(zip(call.criteria, calls.weights(call), strict=True)),
        options=shown.score_options(),
        own=shown.review_shown(review, call) if review else None,
        others=[shown.review_shown(it, call) for it in queries.others_said(assignment)],
        ties=YOUR_TIES,
        may_change=assignment.may_change(at),
        values=forms.values_of(assignment) | (typed or {}),
        version=(typed or {}).get("version") or assignment.version,
        errors=errors or {},
    )
