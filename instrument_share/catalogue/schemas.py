"""The catalogue on the wire: what the search is asked, and what instruments look like as JSON."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext, lazy_gettext
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from ..foundation.http.paging import PageQuery
from ..foundation.http.schema import BaseSchema, Day, Instant, Text, WallTime, WholeNumber
from ..foundation.interval import Interval
from .facets import FACETS
from .rules import AccessMode, ResearchField
from .search import SearchRequest

_WIDEST = timedelta(days=366)
_NO_SUCH_CHOICE = lazy_gettext("There is no such choice.")
#: The number of minutes that asks for the whole window.
ALL_OF_IT = 0
_COUNTRY = validate.Regexp(
    r"[A-Za-z]{2}\Z", error=lazy_gettext("Write a country as two letters, as in KZ.")
)


def _one_of(codes: Any) -> fields.List:
    choice = fields.String(validate=validate.OneOf(list(codes), error=_NO_SUCH_CHOICE))
    return fields.List(choice, load_default=list)


def free_minutes(least: int) -> fields.Integer:
    """How long one wants to use an instrument."""
    return WholeNumber(
        load_default=60,
        validate=validate.Range(
            min=least, max=60 * 24 * 31, error=lazy_gettext("Ask for at least 1 minute.")
        ),
    )


class FacetQuery(PageQuery):
    """What the API's search and the search page have in common."""

    q = Text(most=200, load_default="")
    field = _one_of(ResearchField)
    technique = fields.List(Text(most=80), load_default=list)
    mode = _one_of(AccessMode)
    country = fields.List(fields.String(validate=_COUNTRY), load_default=list)
    host = fields.List(Text(most=60), load_default=list)
    open_to_me = fields.Boolean(
        load_default=False, error_messages={"invalid": lazy_gettext("Write true or false.")}
    )
    free_minutes = free_minutes(1)


class SearchQuery(FacetQuery):
    """`GET /instruments`: values of one facet may be repeated; the window is given by both its ends."""

    free_from = Instant(load_default=None)
    free_until = Instant(load_default=None)

    @validates_schema
    def _check_window(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("free_from"), data.get("free_until")
        if (start is None) != (end is None):
            missing = "free_from" if start is None else "free_until"
            raise ValidationError(gettext("Give both ends of the time you look for."), missing)
        if start and end and not start < end <= start + _WIDEST:
            raise ValidationError(
                gettext("Give an end after the start, at most a year later."), "free_until"
            )

    @post_load
    def _asked(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        start, end = data["free_from"], data["free_until"]
        window = Interval(start, end) if start and end else None
        return {
            "request": request_of(data, window),
            "page": data["page"],
            "page_size": data["page_size"],
        }


class PageSearchQuery(FacetQuery):
    """The search page: the window is given in days of the reader's zone, with times of day or without; either end
    may be left open. Minutes of `ALL_OF_IT` ask for the whole window.
    """

    free_from = Day(load_default=None)
    free_from_time = WallTime(load_default=None)
    free_until = Day(load_default=None)
    free_until_time = WallTime(load_default=None)
    free_minutes = free_minutes(ALL_OF_IT)

    @validates_schema
    def _check_days(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("free_from"), data.get("free_until")
        if start and end and not start <= end <= start + _WIDEST:
            raise ValidationError(
                gettext("Choose a last day on or after the first, at most a year later."),
                "free_until",
            )
        first, last = data.get("free_from_time"), data.get("free_until_time")
        if start and start == end and first and last and last <= first:
            raise ValidationError(gettext("Choose an end after the start."), "free_until_time")


def request_of(data: dict[str, Any], window: Interval | None) -> SearchRequest:
    """The search that loaded query arguments ask for, within a window."""
    chosen = {name: tuple(data[name]) for name in FACETS if data[name]}
    if "country" in chosen:
        chosen["country"] = tuple(code.upper() for code in chosen["country"])
    return SearchRequest(
        text=data["q"],
        facets=chosen,
        open_to_me=data["open_to_me"],
        window=window,
        minutes=data["free_minutes"] or (window.minutes if window else 60),
    )


class _HostSchema(BaseSchema):
    slug = fields.String(required=True)
    name = fields.String(required=True)
    country = fields.String(required=True)


class _FacilitySchema(BaseSchema):
    slug = fields.String(required=True)
    name = fields.String(required=True)
    host = fields.Nested(_HostSchema, required=True)


class InstrumentBrief(BaseSchema):
    """An instrument as the search lists it. `first_free` is there where a window was asked for."""

    slug = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    summary = fields.String()
    facility = fields.Nested(_FacilitySchema, required=True)
    fields_ = fields.List(fields.String(), data_key="fields", required=True)
    techniques = fields.List(fields.String(), required=True)
    technique_names = fields.Dict(keys=fields.String(), values=fields.String())
    access_modes = fields.List(fields.String(), required=True)
    time_zone = fields.String(required=True)
    status = fields.String(required=True)
    positions = fields.Integer(required=True)
    url = fields.String()
    first_free = Instant()


class SlotRulesSchema(BaseSchema):
    """Which times can be asked for."""

    granularity_minutes = fields.Integer(required=True)
    shortest_minutes = fields.Integer(required=True)
    longest_minutes = fields.Integer(required=True)
    setup_minutes = fields.Integer(required=True)
    teardown_minutes = fields.Integer(required=True)
    lead_minutes = fields.Integer(required=True)
    horizon_days = fields.Integer(required=True)
    cancellation_minutes = fields.Integer()


class PositionSchema(BaseSchema):
    """One of the positions on which bookings run side by side, and what it is called."""

    position = fields.Integer(required=True)
    name = fields.String(required=True)


class InstrumentDetail(InstrumentBrief):
    """An instrument with everything that is told of it."""

    pid = fields.String(allow_none=True)
    specification = fields.String()
    sample_requirements = fields.String()
    manufacturer = fields.String()
    model = fields.String()
    commissioned_year = fields.Integer(allow_none=True)
    variables = fields.List(fields.String())
    qualification = fields.String()
    safety_class = fields.String()
    opening = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    holiday_territory = fields.String(allow_none=True)
    holiday_opening = fields.List(fields.String())
    slot_rules = fields.Nested(SlotRulesSchema, required=True)
    position_names = fields.List(fields.Nested(PositionSchema), required=True)
    source = fields.String()


class _FacetValue(BaseSchema):
    value = fields.String(required=True)
    label = fields.String(required=True)
    count = fields.Integer(required=True)


class InstrumentPage(BaseSchema):
    """A page of the search, with the facets' counts."""

    items = fields.List(fields.Nested(InstrumentBrief), required=True)
    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    page_size = fields.Integer(required=True)
    facets = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Nested(_FacetValue)), required=True
    )
