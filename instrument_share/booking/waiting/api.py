"""JSON calls of the waiting list and of watching."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import jsonify
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...foundation.http.arguments import arguments
from ...foundation.http.limits import WRITING, limiter
from ...foundation.http.paging import PageQuery
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.once import once
from ..schemas import CommentSchema
from . import queries, services
from .models import WaitingEntry
from .queries import EntryView
from .schemas import (
    EntryPage,
    EntrySchema,
    JoinSchema,
    WatchedList,
    WatchedSchema,
    WatchSchema,
    entry_out,
)
from .values import JoinRequest, WatchRequest

blueprint = Blueprint(
    "waiting_api", __name__, url_prefix="/api/v1", description="The waiting list, and freed time"
)


@blueprint.post("/waiting-list")
@limiter.limit(WRITING)
@arguments(blueprint, JoinSchema)
@blueprint.response(201, EntrySchema)
def join(wanted: JoinRequest) -> Any:
    """Wait for time. Repeat with the same `Idempotency-Key` to get the first answer again."""
    person, at = require_person(), now()
    wanted = replace(wanted, time_zone=wanted.time_zone or person.time_zone)

    def answer() -> dict[str, Any]:
        return entry_out(queries.view_of(services.join(wanted, by=person, at=at)))

    return jsonify(once(person, at, answer)), 201


@blueprint.get("/waiting-list")
@arguments(blueprint, PageQuery, location="query")
@blueprint.response(200, EntryPage)
def list_entries(query: dict[str, int]) -> dict[str, Any]:
    """The caller's own entries, those that stand in line first."""
    page = queries.entries_of(require_person(), **query)
    return page.envelope(page.items)


@blueprint.get("/waiting-list/<reference>")
@blueprint.response(200, EntrySchema)
def read_entry(reference: str) -> EntryView:
    """One of the caller's own entries."""
    return queries.view_of(queries.entry_of(require_person(), reference))


_ACTIONS: dict[str, Callable[..., WaitingEntry]] = {
    "accept": services.accept,
    "decline": services.decline,
    "leave": services.leave,
}


def _action(word: str, service: Callable[..., WaitingEntry]) -> None:
    @blueprint.post(f"/waiting-list/<reference>/actions/{word}", endpoint=word)
    @limiter.limit(WRITING)
    @arguments(blueprint, CommentSchema)
    @blueprint.response(200, EntrySchema)
    @blueprint.doc(summary=word)
    def act(_said: dict[str, str], reference: str) -> EntryView:
        return queries.view_of(perform(service, reference, by=require_person(), at=now()))


for _word, _service in _ACTIONS.items():
    _action(_word, _service)


@blueprint.post("/watches")
@limiter.limit(WRITING)
@arguments(blueprint, WatchSchema)
@blueprint.response(201, WatchedSchema)
def watch(wanted: WatchRequest) -> Any:
    """Be told when time of an instrument comes free; watching again changes what is told."""
    return perform(services.watch, wanted, by=require_person(), at=now())


@blueprint.get("/watches")
@blueprint.response(200, WatchedList)
def list_watches() -> dict[str, Any]:
    """The instruments that the caller watches."""
    watched = queries.watches_of(require_person())
    return {"items": watched, "total": len(watched)}


@blueprint.delete("/watches/<slug>")
@limiter.limit(WRITING)
@blueprint.response(204)
def stop_watching(slug: str) -> None:
    """Be told no more about an instrument."""
    perform(services.stop_watching, slug, by=require_person())
