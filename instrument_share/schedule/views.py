"""Feeds for calendar programs, the page that tells their addresses, and the timeline of
instruments.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone, gettext

from ..booking.appointments import appointment_of
from ..booking.queries import booking_for
from ..foundation import clock
from ..foundation.calendar.document import single
from ..foundation.http.limits import PUBLIC, limiter
from ..foundation.transaction import perform
from ..identity.current import require_person
from . import answers, feeds, heads, occupancy, queries, schemas
from .addresses import calendar_url, public_url
from .rules import shares_of, window_at
from .services import revoke_address

blueprint = Blueprint("schedule", __name__)

_TIMELINE_ROWS = 50


@blueprint.get("/calendars/instruments/<slug>.ics")
@limiter.limit(PUBLIC)
def instrument_feed(slug: str) -> Response:
    head, window = heads.instrument_feed(slug), window_at(clock.now())
    url = public_url("schedule.instrument_feed", slug=slug)
    return answers.answer(
        head,
        window,
        lambda: feeds.instrument_calendar(head, window, url).encoded(),
        name=slug,
        shared=True,
    )


@blueprint.get("/calendars/facilities/<slug>.ics")
@limiter.limit(PUBLIC)
def facility_feed(slug: str) -> Response:
    head, window = heads.facility_feed(slug), window_at(clock.now())
    url = public_url("schedule.facility_feed", slug=slug)
    return answers.answer(
        head,
        window,
        lambda: feeds.facility_calendar(head, window, url).encoded(),
        name=slug,
        shared=True,
    )


@blueprint.get("/calendars/private/<token>.ics")
@limiter.limit(PUBLIC)
def private_feed(token: str) -> Response:
    head, window = heads.private_feed(token), window_at(clock.now())
    return answers.answer(
        head,
        window,
        lambda: feeds.private_calendar(head, window).encoded(),
        name="instrument-time",
        shared=False,
    )


@blueprint.get("/calendars/instruments/<slug>/freebusy.ics")
@limiter.limit(PUBLIC)
def free_busy(slug: str) -> Response:
    at = clock.now()
    window = schemas.free_busy_window(request.args, at)
    url = public_url("schedule.free_busy", slug=slug)
    return answers.file(feeds.free_busy(slug, window, at, url).encoded(), f"{slug}-freebusy")


@blueprint.get("/bookings/<reference>.ics")
def booking_file(reference: str) -> Response:
    """One booking, to be put into a calendar by hand."""
    booking = booking_for(require_person(), reference)
    base_url = current_app.config["SETTINGS"].base_url
    return answers.file(single(appointment_of(booking).event(base_url)), reference)


@blueprint.get("/calendars")
def calendars() -> str:
    person = require_person()
    return render_template(
        "schedule/calendars.html",
        private_url=calendar_url(person),
        near=queries.calendars_near(person),
        address=public_url,
    )


@blueprint.post("/calendars/revoke")
def revoke() -> ResponseReturnValue:
    perform(revoke_address, require_person(), at=clock.now())
    flash(
        gettext("The old address no longer works. Subscribe to the new one in your programs."),
        "success",
    )
    return redirect(url_for("schedule.calendars"))


@blueprint.get("/schedule")
def timeline() -> str:
    at, zone = clock.now(), ZoneInfo(str(get_timezone()))
    asked = schemas.timeline_asked(request.args, zone, at)
    rows = occupancy.timeline(asked.window, asked.page, _TIMELINE_ROWS, asked.facility)
    return render_template(
        "schedule/timeline.html",
        asked=asked,
        rows=rows,
        facilities=occupancy.facility_choices(),
        share=partial(shares_of, asked.window),
        today=at.astimezone(zone).date(),
        one_day=timedelta(days=1),
        zone=str(zone),
    )
