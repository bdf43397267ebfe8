"""JSON calls of closures, blockings and outside calendars: for those who manage the instrument."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import jsonify
from flask_smorest import Blueprint

from ...catalogue.closing.errors import HitsBookings
from ...catalogue.models import Instrument
from ...catalogue.outside import services as outside
from ...catalogue.queries import instrument_by_slug, may_manage
from ...catalogue.values import Plan
from ...foundation.clock import now
from ...foundation.errors import Forbidden
from ...foundation.http.arguments import arguments
from ...foundation.http.limits import WRITING, limiter
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.once import once
from . import queries, services
from .schemas import (
    CalendarSchema,
    CancelHitSchema,
    ClosingSchema,
    ExceptionPlanSchema,
    ExceptionSchema,
    HitSchema,
    LiftQuery,
    OutsideCalendarSchema,
)

blueprint = Blueprint(
    "closing_api", __name__, url_prefix="/api/v1", description="Closures, blockings, calendars"
)

_ROOT = "/instruments/<slug>/exceptions"


@blueprint.get(_ROOT)
@blueprint.response(200, ClosingSchema)
def read(slug: str) -> dict[str, Any]:
    """What opens, closes or blocks an instrument, the bookings hit, and its outside calendars."""
    return _all_of(_managed(slug))


@blueprint.post(_ROOT)
@limiter.limit(WRITING)
@arguments(blueprint, ExceptionPlanSchema)
@blueprint.response(201, ExceptionSchema(many=True))
def enter(asked: tuple[Plan, list[str]], slug: str) -> Any:
    """Close, open or block an instrument. `409 hits_bookings` lists what it hits until that is confirmed."""
    plan, confirmed = asked
    return _created(lambda: _dumped(services.enter(slug, plan, seen=confirmed, **_by())))


@blueprint.put(f"{_ROOT}/<int:exception_id>")
@limiter.limit(WRITING)
@arguments(blueprint, ExceptionPlanSchema)
@blueprint.response(200, ExceptionSchema(many=True))
def change(asked: tuple[Plan, list[str]], slug: str, exception_id: int) -> Any:
    """Write one anew; `409 hits_bookings` as above."""
    plan, confirmed = asked
    with _listing_hits():
        return perform(services.change, slug, exception_id, plan, seen=confirmed, **_by())


@blueprint.delete(f"{_ROOT}/<int:exception_id>")
@limiter.limit(WRITING)
@arguments(blueprint, LiftQuery, location="query")
@blueprint.response(200, ClosingSchema)
def lift(query: dict[str, bool], slug: str, exception_id: int) -> dict[str, Any]:
    """Take one back."""
    return _all_of(perform(services.lift, slug, exception_id, series=query["series"], **_by()))


@blueprint.post(f"{_ROOT}/cancel-bookings")
@limiter.limit(WRITING)
@arguments(blueprint, CancelHitSchema)
@blueprint.response(200, ClosingSchema)
def cancel_hit(said: dict[str, Any], slug: str) -> dict[str, Any]:
    """Cancel bookings that are hit, all of those named or none."""
    perform(services.cancel_hit, slug, said["references"], said["comment"], **_by())
    return _all_of(_managed(slug))


@blueprint.post("/instruments/<slug>/outside-calendars")
@limiter.limit(WRITING)
@arguments(blueprint, CalendarSchema)
@blueprint.response(201, OutsideCalendarSchema)
def subscribe(said: dict[str, Any], slug: str) -> Any:
    """Let the events of a calendar elsewhere close the instrument."""
    return _created(
        lambda: OutsideCalendarSchema().dump(
            outside.subscribe(slug, said["url"], said["title"], **_by())
        )
    )


@blueprint.delete("/instruments/<slug>/outside-calendars/<int:calendar_id>")
@limiter.limit(WRITING)
@blueprint.response(200, ClosingSchema)
def unsubscribe(slug: str, calendar_id: int) -> dict[str, Any]:
    """Follow a calendar no longer; its closures go."""
    return _all_of(perform(outside.unsubscribe, slug, calendar_id, **_by()))


@contextmanager
def _listing_hits() -> Iterator[None]:
    """A plan that hits bookings is refused with the list of them."""
    try:
        yield
    except HitsBookings as refusal:
        refusal.details["bookings"] = HitSchema(many=True).dump(refusal.hits)
        raise


def _by() -> dict[str, Any]:
    return {"by": require_person(), "at": now()}


def _managed(slug: str) -> Instrument:
    person, instrument = require_person(), instrument_by_slug(slug)
    if not may_manage(person, instrument):
        raise Forbidden()
    return instrument


def _all_of(instrument: Instrument) -> dict[str, Any]:
    at = now()
    return {
        "exceptions": queries.to_come(instrument, at),
        "bookings_hit": [hit for hit in queries.hits_on(instrument.id, at) if not hit.stays],
        "outside_calendars": queries.outside_calendars_of(instrument),
    }


def _dumped(rows: Any) -> list[dict[str, Any]]:
    dumped: list[dict[str, Any]] = ExceptionSchema(many=True).dump(rows)
    return dumped


def _created(answer: Callable[[], Any]) -> Any:
    """The answer to a POST that creates; the first one again where its Idempotency-Key was seen before."""
    with _listing_hits():
        return jsonify(once(require_person(), now(), answer)), 201
