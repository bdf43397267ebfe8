"""Pages of calls: for everybody, and for those who write them."""

from __future__ import annotations

from flask import Blueprint, render_template

from ...foundation.clock import now
from ...foundation.http.limits import PUBLIC, limiter
from ...identity.acting import actor_of
from ...identity.current import person_or_none
from ...identity.rules import Permission, may_somewhere
from . import managing, queries, shown
from .labels import CALLS, PROPOSALS, TONES
from .proposing.queries import proposals_by

blueprint = Blueprint("calls", __name__)


@blueprint.get("/calls")
@limiter.limit(PUBLIC)
def index() -> str:
    """Calls that are open, to come, and over."""
    person, at = person_or_none(), now()
    open_ones, to_come, over = shown.grouped(queries.announced_calls(at), at)
    return render_template(
        "access/calls/index.html",
        open_ones=open_ones,
        to_come=to_come,
        over=over,
        manages=bool(person and may_somewhere(actor_of(person), Permission.MANAGE_CALL)),
        states=CALLS,
        tones=TONES,
    )


@blueprint.get("/calls/<reference>")
@limiter.limit(PUBLIC)
def show(reference: str) -> str:
    """One call: what it is about, until when, how it is judged; the reader's own proposals."""
    person, at = person_or_none(), now()
    call = queries.announced_call(reference, person, at)
    return render_template(
        "access/calls/call.html",
        call=call,
        state=call.state(at),
        facts=shown.facts(call),
        weights=shown.weights(call),
        places=shown.instruments_by_facility(call),
        own=proposals_by(person, call) if person else [],
        may_manage=bool(person and queries.may_manage(person, call)),
        proposal_states=PROPOSALS,
        states=CALLS,
        tones=TONES,
    )


managing.mount(blueprint)
