"""JSON calls of screening: for the offices that decide, and for the people who answer."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint

from ...files.http import send_stored
from ...foundation.clock import now
from ...foundation.http.arguments import arguments
from ...foundation.http.conditional import version_asked
from ...foundation.http.limits import WRITING, limiter
from ...foundation.http.paging import Page
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.once import once
from . import queries, services
from .models import Screening
from .rules import Answer, ScreeningClass
from .schemas import (
    AnswersSchema,
    ChecklistSchema,
    DecisionSchema,
    ScreeningPage,
    ScreeningQuery,
    WholeScreeningSchema,
)
from .shown import checklist_out, screening_out, screening_out_in_full

blueprint = Blueprint("screening_api", __name__, url_prefix="/api/v1", description="Screening")


@blueprint.get("/screenings")
@arguments(blueprint, ScreeningQuery, location="query")
@blueprint.response(200, ScreeningPage)
def own(query: dict[str, Any]) -> dict[str, Any]:
    """The caller's own, open and decided, the latest first."""
    return _page(queries.own_page(require_person(), **query))


@blueprint.get("/screenings/queue")
@arguments(blueprint, ScreeningQuery, location="query")
@blueprint.response(200, ScreeningPage)
def queue(query: dict[str, Any]) -> dict[str, Any]:
    """What the caller's office decides or has decided: first what waits, the longest first."""
    return _page(queries.queue_page(require_person(), **query))


@blueprint.get("/screenings/<int:screening_id>")
@blueprint.response(200, WholeScreeningSchema)
def read(screening_id: int) -> Response:
    """A screening with its answers: for the person, and for the office that decides. Its version is the `ETag`."""
    return _with_version(queries.screening_for(require_person(), screening_id))


@blueprint.post("/screenings/<int:screening_id>/actions/<decision>")
@limiter.limit(WRITING)
@arguments(blueprint, DecisionSchema)
@blueprint.response(200, WholeScreeningSchema)
def decide(said: dict[str, str], screening_id: int, decision: str) -> Response:
    """`approve`, `decline`, `ask-back`, or `withdraw` what was cleared; the person is told.

    `If-Match: "<version>"` names what was looked at: `409 stale_version` where it was answered anew meanwhile,
    `409 wrong_state` where its state does not allow it.
    """
    row = perform(
        services.decide, screening_id, decision, said["reason"],
        by=require_person(), at=now(), version=version_asked(),
    )  # fmt: skip
    return _with_version(row)


@blueprint.get("/screenings/evidence/<key>")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
def evidence(key: str) -> Response:
    """A file that came with an answer."""
    return send_stored(queries.evidence_for(require_person(), key))


@blueprint.get("/screenings/checklists/<host>/<screening_class>")
@blueprint.response(200, ChecklistSchema)
def checklist(host: str, screening_class: str) -> dict[str, Any]:
    """What a host asks for a class, and which of it the caller has still to answer."""
    person = require_person()
    institution, which = queries.host_and_class(host, screening_class)
    row = queries.screening_of(person, institution, which)
    return checklist_out(queries.checklist_of(institution, which), row)


@blueprint.post("/screenings/checklists/<host>/<screening_class>/answers")
@limiter.limit(WRITING)
@arguments(blueprint, AnswersSchema)
@blueprint.response(201, WholeScreeningSchema)
def answer(given: dict[str, Answer], host: str, screening_class: str) -> Any:
    """Answer for oneself. Answers that demand a file are given on the page `/screening/<host>/<class>`.

    Repeat with the same `Idempotency-Key` to get the first answer again.
    """
    person, at = require_person(), now()
    institution, which = queries.host_and_class(host, screening_class)

    def answered() -> dict[str, Any]:
        row = services.answer(institution, which, given, by=person, at=at)
        return _screening_out(row)

    return jsonify(once(person, at, answered)), 201


def _page(page: Page[Screening]) -> dict[str, Any]:
    today = now().date()
    return page.envelope([screening_out(each, today) for each in page.items])


def _with_version(row: Screening) -> Response:
    told = jsonify(_screening_out(row))
    told.headers["ETag"] = f'"{row.version}"'
    return told


def _screening_out(row: Screening) -> dict[str, Any]:
    asked = queries.checklist_of(row.institution, ScreeningClass(row.screening_class))
    told = screening_out_in_full(
        row, asked, now().date(), decides=queries.may_decide_on(require_person(), row)
    )
    return dict(WholeScreeningSchema().dump(told))
