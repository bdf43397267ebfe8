"""Feeds for calendar programs, the page that tells their addresses, and the timeline of instruments."""

from __future__ import annotations

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
from ..catalogue.shown import facets as facets_shown
from ..foundation import clock
from ..foundation.calendar.document import single
from ..foundation.http.limits import PUBLIC, limiter
from ..foundation.transaction import perform
from ..identity.acting import actor_of
from ..identity.current import person_or_none, require_person
from ..identity.rules import Permission, may_somewhere
from . import answers, feeds, heads, queries, schemas
from .addresses import calendar_url, public_url, queue_url, webcal_url
from .rules import Secret
from .services import revoke_address
from .timeline.page import TimelinePage, filter_choices
from .timeline.queries import facility_choices
from .timeline.queries import timeline as read_timeline
from .week_sheet import WeekSheet

blueprint = Blueprint("schedule", __name__)

_TIMELINE_ROWS = 150


@blueprint.get("/calendars/instruments/<slug>.ics")
@limiter.limit(PUBLIC)
def instrument_feed(slug: str) -> Response:
    window = schemas.feed_window(request.args, clock.now())
    head = heads.instrument_feed(slug)
    return answers.answer(
        head,
        window,
        lambda: feeds.instrument_calendar(head, window, slug).encoded(),
        name=slug,
        shared=True,
    )


@blueprint.get("/calendars/facilities/<slug>.ics")
@limiter.limit(PUBLIC)
def facility_feed(slug: str) -> Response:
    window = schemas.feed_window(request.args, clock.now())
    head = heads.facility_feed(slug)
    return answers.answer(
        head,
        window,
        lambda: feeds.facility_calendar(head, window, slug).encoded(),
        name=slug,
        shared=True,
    )


@blueprint.get("/calendars/private/<token>.ics")
@limiter.limit(PUBLIC)
def private_feed(token: str) -> Response:
    window = schemas.feed_window(request.args, clock.now())
    head = heads.secret_feed(Secret.OWN, token)
    return answers.answer(
        head,
        window,
        lambda: feeds.private_calendar(head, window).encoded(),
        name="instrument-time",
        shared=False,
    )


@blueprint.get("/calendars/queue/<token>.ics")
@limiter.limit(PUBLIC)
def queue_feed(token: str) -> Response:
    """What waits for a person's decision: roles decide that as well as bookings, so no version
    could tell whether it changed.
    """
    window = schemas.feed_window(request.args, clock.now())
    head = heads.secret_feed(Secret.QUEUE, token)
    write = lambda: feeds.queue_calendar(head, window).encoded()  # noqa: E731
    return answers.written(head, write, name="requests-to-decide")


@blueprint.get("/calendars/instruments/<slug>/freebusy.ics")
@limiter.limit(PUBLIC)
def free_busy(slug: str) -> Response:
    at = clock.now()
    window = schemas.free_busy_window(request.args, at)
    return answers.file(feeds.free_busy(slug, window, at).encoded(), f"{slug}-freebusy")


@blueprint.get("/bookings/<reference>.ics")
def booking_file(reference: str) -> Response:
    """One booking, to be put into a calendar by hand."""
    booking = booking_for(require_person(), reference)
    base_url = current_app.config["SETTINGS"].base_url
    return answers.file(single(appointment_of(booking).event(base_url)), reference)


@blueprint.get("/calendars")
def calendars() -> str:
    person = require_person()
    decides = may_somewhere(actor_of(person), Permission.SEE_QUEUE)
    return render_template(
        "schedule/calendars.html",
        private_url=calendar_url(person),
        queue_url=queue_url(person) if decides else "",
        near=queries.calendars_near(person),
        address=public_url,
        webcal=webcal_url,
    )


@blueprint.post("/calendars/revoke")
def revoke() -> ResponseReturnValue:
    """Make a secret address void: that of the person's own calendar, or `which=queue`."""
    which = Secret.QUEUE if request.form.get("which") == Secret.QUEUE else Secret.OWN
    perform(revoke_address, require_person(), at=clock.now(), secret=which)
    flash(
        gettext("The old address no longer works. Subscribe to the new one in your programs."),
        "success",
    )
    return redirect(url_for("schedule.calendars"))


@blueprint.get("/instruments/<slug>/week-sheet")
@limiter.limit(PUBLIC)
def week_sheet(slug: str) -> str:
    """The week of `?week=` (any day of it) on a sheet for the door."""
    day = schemas.week_asked(request.args)
    sheet = WeekSheet(slug, day, person_or_none(), clock.now())
    return render_template("schedule/week_sheet.html", sheet=sheet)


@blueprint.get("/schedule")
@limiter.limit(PUBLIC)
def timeline() -> str:
    """What is taken of the instruments that fit, on a day or in a week."""
    at, zone = clock.now(), str(get_timezone())
    person = person_or_none()
    asked = schemas.timeline_asked(request.args, ZoneInfo(zone), at)
    rows, facets = read_timeline(asked.wanted, asked.window, person, at, asked.page, _TIMELINE_ROWS)
    return render_template(
        "schedule/timeline.html",
        page=TimelinePage(
            rows, asked.window, asked.day, request.args, view=asked.view, reader_zone=zone, at=at
        ),
        asked=asked,
        filters=filter_choices(facets_shown(facets)),
        facilities=facility_choices(),
        today=at.astimezone(ZoneInfo(zone)).date(),
        zone=zone,
    )
