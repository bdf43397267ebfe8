"""The front page: the search over all instruments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask_babel import get_timezone

from ...foundation.clock import now, zone
from ...foundation.errors import InvalidInput
from ...foundation.http import show
from ...foundation.http.limits import PUBLIC, limiter
from ...foundation.http.schema import load
from ...foundation.interval import Interval
from ...foundation.localtime import boundary_of
from ...identity.current import person_or_none
from .. import shown
from ..openness import verdicts_on
from ..schemas import PageSearchQuery, request_of
from ..search import SearchRequest, search
from ..search_page import SearchPage
from . import blueprint

PAGE_SIZE = 20
#: How far the search looks where only one end of the time is given.
_USUAL_DAYS = timedelta(days=6)
_A_DAY = timedelta(days=1)
_WINDOW = {"free_from", "free_from_time", "free_until", "free_until_time"}


@blueprint.get("/", endpoint="search")
@limiter.limit(PUBLIC)
def show_search() -> str:
    """Search box, filters and hits; what cannot be understood is told beside what was typed."""
    person, at = person_or_none(), now()
    asked, errors = _asked()
    wanted = _request(asked)
    found = search(wanted, person, at=at, page=asked["page"], page_size=PAGE_SIZE)
    verdicts = verdicts_on(person, found.page.items, at)
    return render_template(
        "catalogue/search.html",
        page=SearchPage(request.args, shown.facets(found.facets), found.page),
        asked=request.args,
        window_asked=bool(asked["free_from"] or asked["free_until"]),
        total=found.page.total,
        window_zone=show.zone_name(
            str(get_timezone()), wanted.window.start if wanted.window else at
        ),
        cards=[
            shown.card(it, found.first_free.get(it.id), wanted.minutes)
            | {"open_to_me": verdicts.get(it.id)}
            for it in found.page.items
        ],
        errors=errors,
    )


def _asked() -> tuple[dict[str, Any], dict[str, Any]]:
    """The query as typed values, and what is wrong with it; empty fields of a form count as not given."""
    schema = PageSearchQuery()
    lists = {"field", "technique", "mode", "country", "host"}
    typed = {
        name: [value for value in values if value] if name in lists else values[0]
        for name, values in request.args.lists()
        if name in schema.fields and any(values)
    }
    try:
        return load(schema, typed), {}
    except InvalidInput as error:
        wrong = {name.split(".")[0]: sentence for name, sentence in error.fields.items()}
        left_out = set(wrong) | (_WINDOW if _WINDOW & set(wrong) else set())
        sound = {name: value for name, value in typed.items() if name not in left_out}
        return load(schema, sound), wrong


def _request(asked: dict[str, Any]) -> SearchRequest:
    return request_of(asked, _window(asked))


def _window(asked: dict[str, Any]) -> Interval | None:
    """From and until when, on the reader's clock: whole days where no time of day is given; a week where one end
    is open.
    """
    first, last = asked["free_from"], asked["free_until"]
    if first is None and last is None:
        return None
    zone_ = zone(str(get_timezone()))
    first = first or max(now().astimezone(zone_).date(), (last or date.max) - _USUAL_DAYS)
    last = max(last or first + _USUAL_DAYS, first)
    start = boundary_of(first, _wall(asked["free_from_time"]) or time(0), zone_)
    end = _end_of(last, _wall(asked["free_until_time"]), zone_)
    return Interval(start, end) if start < end else Interval(start, _end_of(last, None, zone_))


def _end_of(day: date, wall: time | None, zone_: ZoneInfo) -> datetime:
    return boundary_of(day, wall, zone_) if wall else boundary_of(day + _A_DAY, time(0), zone_)


def _wall(typed: time | None) -> time | None:
    return typed.replace(second=0, microsecond=0, tzinfo=None) if typed else None
