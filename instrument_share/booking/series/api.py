"""JSON calls of series."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import jsonify
from flask_smorest import Blueprint

from ...catalogue.queries import instrument_by_slug
from ...foundation.clock import now, zone
from ...foundation.http.arguments import arguments
from ...foundation.http.conditional import version_asked
from ...foundation.http.limits import WRITING, limiter
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.models import Person
from ...identity.once import once
from ..queries import views_of
from ..schemas import CommentSchema
from . import services
from .errors import NothingLeft, SeriesConflict
from .planning import Planned, Status
from .queries import SeriesView, series_for
from .schemas import (
    MoveSchema,
    PlanSchema,
    ReachSchema,
    SeriesRequestSchema,
    SeriesSchema,
    ShownSeries,
    planned_out,
)
from .sentence import sentence_of
from .values import SeriesRequest

blueprint = Blueprint("series_api", __name__, url_prefix="/api/v1/series", description="Series")

_LEFT_OUT = (Status.CONFLICT, Status.SKIPPED)


@blueprint.post("")
@limiter.limit(WRITING)
@arguments(blueprint, SeriesRequestSchema)
@blueprint.response(201, SeriesSchema)
@blueprint.alt_response(200, schema=PlanSchema, description="with dry_run: nothing is saved")
def book(wanted: tuple[SeriesRequest, bool]) -> Any:
    """Ask for a series; with `dry_run`, hear what would become of each occurrence, and nothing is saved.

    Repeat with the same `Idempotency-Key` to get the first answer again.
    """
    person, at = require_person(), now()
    what, dry_run = wanted
    if dry_run:
        return jsonify(_plan(what, services.check_series(what, by=person, at=at)))

    def answer() -> dict[str, Any]:
        series, planned = services.create_series(what, by=person, at=at)
        return _dumped(series_for(person, series.reference), person, at, planned)

    with _explaining_conflicts():
        return jsonify(once(person, at, answer)), 201


@blueprint.get("/<reference>")
@blueprint.response(200, SeriesSchema)
def read(reference: str) -> Any:
    """One series with its occurrences."""
    person = require_person()
    return jsonify(_dumped(series_for(person, reference), person, now()))


@blueprint.post("/<reference>/actions/cancel")
@limiter.limit(WRITING)
@arguments(blueprint, ReachSchema)
@blueprint.response(200, SeriesSchema)
def cancel(said: dict[str, Any], reference: str) -> Any:
    """Give up one occurrence, it and the following ones, or all that are still to come."""
    return _acted(services.cancel_series, reference, **said)


@blueprint.post("/<reference>/actions/reschedule")
@limiter.limit(WRITING)
@arguments(blueprint, MoveSchema)
@blueprint.response(200, SeriesSchema)
def reschedule(said: dict[str, Any], reference: str) -> Any:
    """Move occurrences by as much on the wall clock; with `skip` those that cannot be moved stay."""
    person, at, version = require_person(), now(), version_asked()
    with _explaining_conflicts():
        _, planned = perform(
            services.reschedule_series, reference, by=person, at=at, version=version, **said
        )
    return jsonify(_dumped(series_for(person, reference), person, at, planned))


_DECISIONS: dict[str, Callable[..., SeriesView]] = {
    "approve": services.approve_series,
    "reject": services.reject_series,
    "request-changes": services.request_changes_of_series,
}


def _decision(word: str, service: Callable[..., SeriesView]) -> None:
    @blueprint.post(f"/<reference>/actions/{word}", endpoint=word.replace("-", "_"))
    @limiter.limit(WRITING)
    @arguments(blueprint, CommentSchema)
    @blueprint.response(200, SeriesSchema)
    @blueprint.doc(summary=f"{word} every occurrence that waits for the caller")
    def decide(said: dict[str, str], reference: str) -> Any:
        return _acted(service, reference, **said)


for _word, _service in _DECISIONS.items():
    _decision(_word, _service)


def _acted(service: Callable[..., SeriesView], reference: str, **what: Any) -> Any:
    person, at, version = require_person(), now(), version_asked()
    perform(service, reference, by=person, at=at, version=version, **what)
    return jsonify(_dumped(series_for(person, reference), person, at))


def _dumped(
    view: SeriesView, person: Person, at: datetime, planned: Sequence[Planned] = ()
) -> dict[str, Any]:
    left_out = [each for each in planned if each.status in _LEFT_OUT]
    shown = ShownSeries(view.series, view.version, views_of(view.bookings, person, at), left_out)
    dumped: dict[str, Any] = SeriesSchema().dump(shown)
    return dumped


def _plan(what: SeriesRequest, planned: Sequence[Planned]) -> dict[str, Any]:
    there = instrument_by_slug(what.first.instrument).time_zone
    first = what.first.starts_at.astimezone(zone(there)).replace(tzinfo=None)
    return {
        "rrule": what.rrule,
        "description": sentence_of(what.rrule, first, there),
        "time_zone": there,
        "occurrences": planned_out(planned),
    }


@contextmanager
def _explaining_conflicts() -> Iterator[None]:
    """A conflict goes out with every occurrence."""
    try:
        yield
    except (SeriesConflict, NothingLeft) as refusal:
        refusal.details["occurrences"] = planned_out(refusal.planned)
        raise
