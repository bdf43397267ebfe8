"""Pages of those who answer calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ....catalogue.labels import FIELDS
from ....files.http import send_stored, takes_files
from ....foundation.clock import now
from ....foundation.errors import Forbidden, NotFound, Refusal
from ....foundation.http.conditional import version_sent
from ....foundation.transaction import perform
from ....identity.current import require_person
from .. import queries as calls
from .. import shown
from ..deciding.queries import comments_on, file_for
from ..errors import JudgesIt, NotOpen
from ..labels import CALLS, PROPOSALS, TONES
from ..models import Call
from ..rules import CallState, ProposalState
from . import forms, queries, services
from .models import Proposal

blueprint = Blueprint("proposals", __name__)


@blueprint.get("/proposals")
def index() -> str:
    """The reader's proposals, their own and those that they are named in."""
    person, at = require_person(), now()
    return render_template(
        "access/calls/proposals.html",
        proposals=[(each, each.call.state(at)) for each in queries.proposals_by(person)],
        reader=person,
        **_words(),
    )


@blueprint.route("/calls/<reference>/propose", methods=["GET", "POST"])
@takes_files
def write(reference: str) -> ResponseReturnValue:
    """Answer a call."""
    person, at = require_person(), now()
    call = calls.announced_call(reference, None, at)

    def save(submit: bool) -> Proposal:
        draft = forms.draft_from(request.form, call)
        return perform(
            services.write_proposal, reference, draft, submit=submit, by=person, at=now()
        )

    return _form(call, {}, save, None)


@blueprint.get("/proposals/<reference>")
def show(reference: str) -> str:
    """A proposal for those who propose it: what became of it, once that is decided."""
    person, at = require_person(), now()
    proposal = queries.own_proposal(reference, by=person)
    state = proposal.call.state(at)
    return render_template(
        "access/calls/proposal.html",
        proposal=proposal,
        call=proposal.call,
        state=state,
        comments=comments_on(proposal) if state == CallState.DECIDED else [],
        people=shown.people(proposal),
        wishes=shown.wishes(proposal),
        grants=shown.grants(proposal),
        field=FIELDS[proposal.field],
        is_lead=proposal.lead_id == person.id,
        **_words(),
    )


@blueprint.get("/proposals/<reference>/file")
def file(reference: str) -> Response:
    """The file of a proposal, for those who propose, review and decide it."""
    return send_stored(file_for(reference, by=require_person(), at=now()))


@blueprint.route("/proposals/<reference>/edit", methods=["GET", "POST"])
@takes_files
def change(reference: str) -> ResponseReturnValue:
    """Write a proposal anew, until the call closes."""
    person = require_person()
    proposal = queries.own_proposal(reference, by=person)
    if proposal.lead_id != person.id:
        raise Forbidden()
    if proposal.state == ProposalState.WITHDRAWN:
        raise NotFound()

    def save(submit: bool) -> Proposal:
        return perform(
            services.change_proposal, reference, forms.draft_from(request.form, proposal.call),
            submit=submit, by=person, at=now(), version=version_sent(),
        )  # fmt: skip

    return _form(proposal.call, forms.values_of(proposal), save, proposal)


@blueprint.post("/proposals/<reference>/<any(withdraw, leave):what>")
def end(reference: str, what: str) -> ResponseReturnValue:
    """Take a proposal back, or one's own name out of it."""
    person, at = require_person(), now()
    act = services.withdraw if what == "withdraw" else services.leave
    try:
        perform(act, reference, by=person, at=at)
    except (JudgesIt, NotOpen) as refusal:
        flash(str(refusal.message), "error")
        return redirect(url_for("proposals.show", reference=reference))
    flash(
        gettext("The proposal is withdrawn.")
        if what == "withdraw"
        else gettext("You no longer take part in this proposal. Its lead is told."),
        "success",
    )
    return redirect(url_for("proposals.index"))


def _form(
    call: Call,
    values: Mapping[str, Any],
    save: Callable[[bool], Proposal],
    proposal: Proposal | None,
) -> ResponseReturnValue:
    """The form; or the saved proposal; or the form as it was typed, with what is wrong."""
    if request.method == "GET":
        return _form_page(call, values, {}, proposal)
    submit = request.form.get("do") == "submit"
    try:
        saved = save(submit)
    except Refusal as refusal:
        errors = refusal.by_field
        if "wishes" in errors:
            errors[f"{forms.HOURS}{call.instruments[0].slug}"] = errors.pop("wishes")
        return _form_page(call, request.form.to_dict(), errors, proposal), refusal.status
    flash(
        gettext("Your proposal is handed in. You can change it until the call closes.")
        if saved.state == ProposalState.SUBMITTED
        else gettext("Your draft is kept. Hand it in before the call closes."),
        "success",
    )
    return redirect(url_for("proposals.show", reference=saved.reference))


def _form_page(
    call: Call,
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    proposal: Proposal | None,
) -> str:
    return render_template(
        "access/calls/propose.html",
        call=call,
        proposal=proposal,
        values=values,
        errors=errors,
        is_open=call.state(now()) == CallState.OPEN,
        is_submitted=bool(proposal and proposal.state == ProposalState.SUBMITTED),
        version=request.form.get("version") or (proposal.version if proposal else ""),
        research_fields=[(str(code), str(word)) for code, word in FIELDS.items()],
        hours=forms.HOURS,
        places=shown.instruments_by_facility(call),
        reader=require_person(),
    )


def _words() -> dict[str, Any]:
    return {"states": PROPOSALS, "call_states": CALLS, "tones": TONES}
