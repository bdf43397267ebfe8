"""JSON calls of booking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import jsonify, url_for
from flask_babel import gettext
from flask_smorest import Blueprint

from ..catalogue.queries import instrument_by_slug
from ..foundation.clock import now
from ..foundation.errors import InvalidInput
from ..foundation.http.arguments import arguments
from ..foundation.http.conditional import version_asked
from ..foundation.http.limits import WRITING, limiter
from ..foundation.http.paging import PageQuery
from ..foundation.interval import Interval
from ..foundation.transaction import perform
from ..identity.current import person_or_none, require_person
from ..identity.models import Person
from ..identity.once import once
from . import queries, services
from .availability.alternatives import offering_alternatives
from .availability.explained import explained_availability
from .errors import SlotTaken
from .models import Booking
from .queries import BookingView
from .rules import Seat
from .samples.outcomes import outcome_of
from .schemas import (
    AlternativeSchema,
    AvailabilitySchema,
    BookingListQuery,
    BookingPage,
    BookingSchema,
    CommentSchema,
    FinishSchema,
    RequestSchema,
    RescheduleSchema,
    WindowQuery,
    booking_out,
    use_from,
)
from .services.slots import seat_on
from .values import BookingRequest
from .waiting.schemas import wish_for

blueprint = Blueprint(
    "booking_api", __name__, url_prefix="/api/v1", description="Free time, bookings and decisions"
)

_LONGEST_WINDOW = timedelta(days=62)
_ALTERNATIVES = AlternativeSchema(many=True)


@blueprint.get("/instruments/<slug>/availability")
@arguments(blueprint, WindowQuery, location="query")
@blueprint.response(200, AvailabilitySchema)
def availability(query: dict[str, Any], slug: str) -> dict[str, Any]:
    """What can be had and what is taken."""
    instrument, person = instrument_by_slug(slug), person_or_none()
    seat = seat_on(instrument, Seat(query["position"], query["whole"]))
    found = explained_availability(
        instrument, _window(query), now(), person, seat=seat, mover=_mover(query["moving"])
    )
    return {
        "free": found.free,
        "busy": found.busy,
        "reserved": found.reserved,
        "time_zone": instrument.time_zone,
    }


@blueprint.post("/bookings")
@limiter.limit(WRITING)
@arguments(blueprint, RequestSchema)
@blueprint.response(201, BookingSchema)
def book(wanted: tuple[BookingRequest, bool]) -> Any:
    """Ask for instrument time. Repeat with the same `Idempotency-Key` to get the first answer again."""
    person, at = require_person(), now()
    what, send = wanted
    service = services.request_booking if send else services.create_draft

    def answer() -> dict[str, Any]:
        return booking_out(_view(service(what, by=person, at=at), person, at))

    with _explaining_refusal(at, person, what):
        return jsonify(once(person, at, answer)), 201


@blueprint.get("/bookings")
@arguments(blueprint, BookingListQuery, location="query")
@blueprint.response(200, BookingPage)
def list_bookings(query: dict[str, Any]) -> dict[str, Any]:
    """The bookings that the caller may see, the latest first; with `q`, those of a reference or of an applicant."""
    person = require_person()
    page = queries.bookings_of(person, **query)
    return page.envelope(queries.views_of(page.items, person, now()))


@blueprint.get("/bookings/<reference>")
@blueprint.response(200, BookingSchema)
def read_booking(reference: str) -> Any:
    """One booking."""
    person = require_person()
    return _view(queries.booking_for(person, reference), person, now())


@blueprint.get("/approvals")
@arguments(blueprint, PageQuery, location="query")
@blueprint.response(200, BookingPage)
def list_approvals(query: dict[str, Any]) -> dict[str, Any]:
    """What waits for the caller's decision, the most urgent first."""
    person = require_person()
    page = queries.approvals_for(person, **query)
    return page.envelope(queries.views_of(page.items, person, now()))


_COMMENTED: dict[str, Callable[..., Booking]] = {
    "approve": services.approve,
    "reject": services.reject,
    "request-changes": services.request_changes,
    "withdraw": services.withdraw,
    "cancel": services.cancel,
    "start": services.start,
    "mark-no-show": services.mark_no_show,
}


def _commented(word: str, service: Callable[..., Booking]) -> None:
    """A call for an action that takes nothing but a comment."""

    @blueprint.post(f"/bookings/<reference>/actions/{word}", endpoint=word.replace("-", "_"))
    @limiter.limit(WRITING)
    @arguments(blueprint, CommentSchema)
    @blueprint.response(200, BookingSchema)
    @blueprint.doc(summary=word)
    def act(said: dict[str, str], reference: str) -> Any:
        return _acted(service, reference, comment=said["comment"])


for _word, _service in _COMMENTED.items():
    _commented(_word, _service)


@blueprint.post("/bookings/<reference>/actions/submit")
@limiter.limit(WRITING)
@arguments(blueprint, CommentSchema)
@blueprint.response(200, BookingSchema)
def submit(_said: dict[str, str], reference: str) -> Any:
    """Send a draft, or a request after the changes that were asked for."""
    return _acted(services.submit, reference)


@blueprint.post("/bookings/<reference>/actions/reschedule")
@limiter.limit(WRITING)
@arguments(blueprint, RescheduleSchema)
@blueprint.response(200, BookingSchema)
def reschedule(placed: dict[str, Any], reference: str) -> Any:
    """Move a booking, or make it longer or shorter; only approvals that no longer hold are asked again."""
    return _acted(services.reschedule, reference, **placed)


@blueprint.post("/bookings/<reference>/actions/finish")
@limiter.limit(WRITING)
@arguments(blueprint, FinishSchema)
@blueprint.response(200, BookingSchema)
def finish(said: dict[str, Any], reference: str) -> Any:
    """The use is over: tell what really happened."""
    booking = queries.booking_for(require_person(), reference)
    use = use_from(said, booking.started_at or booking.starts_at, now())
    outcomes = {each["sample"]: outcome_of(each) for each in said["outcomes"]}
    return _acted(services.finish, reference, use=use, outcomes=outcomes)


def _acted(service: Callable[..., Booking], reference: str, **what: Any) -> BookingView:
    person, at, version = require_person(), now(), version_asked()
    with _explaining_refusal(at, person):
        booking = perform(service, reference, by=person, at=at, version=version, **what)
    return _view(booking, person, at)


def _view(booking: Booking, person: Person, at: datetime) -> BookingView:
    return queries.views_of([booking], person, at)[0]


@contextmanager
def _explaining_refusal(
    at: datetime, person: Person, what: BookingRequest | None = None
) -> Iterator[None]:
    """A taken slot goes out with its alternatives as JSON, and with the call that waits for it."""
    try:
        with offering_alternatives(at, person):
            yield
    except SlotTaken as taken:
        taken.details["alternatives"] = _ALTERNATIVES.dump(taken.alternatives)
        if what is not None:
            taken.details["waiting_list"] = {
                "method": "POST", "url": url_for("waiting_api.join"), "body": wish_for(what),
            }  # fmt: skip
        raise


def _mover(reference: str | None) -> int | None:
    """The booking whose own time is not in its way, by id. Raises NotFound where the caller may not see it."""
    return queries.booking_for(require_person(), reference).id if reference else None


def _window(query: dict[str, Any]) -> Interval:
    since, until = query["since"], query["until"]
    if until <= since:
        raise InvalidInput(fields={"until": gettext("The end must lie after the start.")})
    if until - since > _LONGEST_WINDOW:
        raise InvalidInput(fields={"until": gettext("Ask for at most 62 days at once.")})
    return Interval(since, until)
