"""The front page: the search over all instruments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask_babel import get_timezone

from ...foundation.clock import now, zone
from ...foundation.errors import InvalidInput
from ...foundation.http.limits import PUBLIC, limiter
from ...foundation.http.schema import load
from ...foundation.interval import Interval
from ...foundation.localtime import midnight_of
from ...identity.current import person_or_none
from .. import presentation
from ..schemas import PageSearchQuery, request_of
from ..search import SearchRequest, search
from ..search_page import SearchPage
from . import blueprint

PAGE_SIZE = 20
#: How far the search looks where only one end of the time is given.
_USUAL_DAYS = timedelta(days=6)
_WINDOW = {"free_from", "free_until"}


@blueprint.get("/", endpoint="search")
@limiter.limit(PUBLIC)
def show_search() -> str:
    """Search box, filters and hits; what cannot be understood is told beside what was typed."""
    person, at = person_or_none(), now()
    asked, errors = _asked()
    found = search(_request(asked), person, at=at, page=asked["page"], page_size=PAGE_SIZE)
    return render_template(
        "catalogue/search.html",
        page=SearchPage(request.args, presentation.facets(found.facets), found.page),
        asked=request.args,
        window_asked=bool(asked["free_from"] or asked["free_until"]),
        total=found.page.total,
        cards=[presentation.card(it, found.first_free.get(it.id)) for it in found.page.items],
        errors=errors,
    )


def _asked() -> tuple[dict[str, Any], dict[str, Any]]:
    """The query as typed values, and what is wrong with it; empty fields of a form count as not
    given.
    """
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
    return request_of(asked, _window(asked["free_from"], asked["free_until"]))


def _window(first: date | None, last: date | None) -> Interval | None:
    """Whole days of the reader's zone; where one end is open, a week."""
    if first is None and last is None:
        return None
    reader_zone = zone(str(get_timezone()))
    first = first or max(now().astimezone(reader_zone).date(), (last or date.max) - _USUAL_DAYS)
    last = last or first + _USUAL_DAYS
    if last < first:
        last = first
    return Interval(
        midnight_of(first, reader_zone), midnight_of(last + timedelta(days=1), reader_zone)
    )
