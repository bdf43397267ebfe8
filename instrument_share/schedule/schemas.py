"""What the schedule's addresses may be asked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import LazyString, lazy_gettext
from marshmallow import EXCLUDE, fields, validate
from werkzeug.datastructures import MultiDict

from ..catalogue.facets import FACETS
from ..catalogue.schemas import FacetQuery, request_of
from ..foundation.errors import InvalidInput
from ..foundation.http.schema import BaseSchema, Day, Instant, Text, WholeNumber, load
from ..foundation.interval import Interval
from ..foundation.localtime import midnight_of
from .rules import (
    EARLIEST_ALARM,
    HISTORY,
    LONGEST_FREE_BUSY,
    LONGEST_HISTORY,
    FeedWindow,
    View,
    window_at,
)
from .timeline.queries import Wanted

_MINUTE = timedelta(minutes=1)
_USUAL_WINDOW = timedelta(weeks=4)
_LONGEST_SCHEDULE = timedelta(weeks=5)


def _whole(most: int, unit: LazyString) -> fields.Integer:
    """A whole number from 0 to `most`; None where it is not given."""
    return WholeNumber(
        load_default=None,
        validate=validate.Range(min=0, max=most, error=unit),
    )


class FeedQuery(BaseSchema):
    """How a program wants a feed: `past` days back, reminders `alarm` minutes before events."""

    class Meta:
        unknown = EXCLUDE

    past = _whole(LONGEST_HISTORY.days, lazy_gettext("Ask for at most 366 days back."))
    alarm = _whole(
        EARLIEST_ALARM // _MINUTE, lazy_gettext("Ask for a reminder at most 10080 minutes before.")
    )


class FreeBusyQuery(BaseSchema):
    """`from` and `until`, RFC 3339; by default the coming four weeks."""

    class Meta:
        unknown = EXCLUDE

    starts = Instant(data_key="from", load_default=None)
    ends = Instant(data_key="until", load_default=None)


class WeekQuery(BaseSchema):
    """Any day of the week that is asked for; the present one by default."""

    class Meta:
        unknown = EXCLUDE

    week = Day(load_default=None)


class TimelineQuery(FacetQuery):
    """The search's own filters, the day or the week on the reader's clock, and which facility."""

    class Meta:
        unknown = EXCLUDE

    view = fields.Enum(
        View,
        by_value=True,
        load_default=View.DAY,
        error_messages={"unknown": lazy_gettext("There is no such choice.")},
    )
    day = Day(load_default=None)
    facility = Text(most=80, load_default="")
    mine = fields.Boolean(
        load_default=False, error_messages={"invalid": lazy_gettext("Write true or false.")}
    )


class ScheduleQuery(BaseSchema):
    """`from` and `until`, RFC 3339; by default the coming week."""

    class Meta:
        unknown = EXCLUDE

    starts = Instant(data_key="from", load_default=None)
    ends = Instant(data_key="until", load_default=None)


class TakenSchema(BaseSchema):
    """A stretch of time, setup and teardown included, and whether it is decided (`busy`) or asked for (`tentative`)."""

    starts = Instant(data_key="from")
    ends = Instant(data_key="until")
    kind = fields.String()


class InstrumentScheduleSchema(BaseSchema):
    """What is taken of one instrument."""

    slug = fields.String()
    name = fields.String()
    time_zone = fields.String()
    taken = fields.List(fields.Nested(TakenSchema))


class ScheduleSchema(BaseSchema):
    """Every instrument that can be booked, by facility."""

    instruments = fields.List(fields.Nested(InstrumentScheduleSchema))


@dataclass(frozen=True, slots=True)
class TimelineAsked:
    """What of the timeline is asked for: `window` is the day, or the seven days from it on, on the
    clock of whoever reads.
    """

    view: View
    day: date
    window: Interval
    wanted: Wanted
    page: int


def feed_window(arguments: Mapping[str, str], at: datetime) -> FeedWindow:
    """What a program wants to see of a feed. Raises InvalidInput."""
    if "past" not in arguments and "alarm" not in arguments:
        return window_at(at)  # nearly always, and the answer is nearly always that nothing changed
    asked = load(FeedQuery(), _without_blanks(arguments))
    past, alarm = asked["past"], asked["alarm"]
    return window_at(
        at,
        HISTORY if past is None else timedelta(days=past),
        None if alarm is None else timedelta(minutes=alarm),
    )


def free_busy_window(arguments: Any, at: datetime) -> Interval:
    """The window asked for. Raises InvalidInput where it is empty or longer than a year."""
    asked = load(FreeBusyQuery(), arguments)
    start = asked["starts"] or at
    end = asked["ends"] or start + _USUAL_WINDOW
    if end <= start:
        raise InvalidInput(fields={"until": lazy_gettext("The end must come after the start.")})
    if end - start > LONGEST_FREE_BUSY:
        raise InvalidInput(fields={"until": lazy_gettext("Ask for at most a year.")})
    return Interval(start, end)


def timeline_asked(arguments: MultiDict[str, str], zone: ZoneInfo, at: datetime) -> TimelineAsked:
    """The day asked for, today by default. Raises InvalidInput."""
    asked = load(TimelineQuery(), _by_field(arguments))
    day = asked["day"] or at.astimezone(zone).date()
    _check_day(day, "day")
    until = day + timedelta(days=7 if asked["view"] is View.WEEK else 1)
    window = Interval(midnight_of(day, zone), midnight_of(until, zone))
    wanted = Wanted(request_of(asked, None), asked["facility"], asked["mine"])
    return TimelineAsked(asked["view"], day, window, wanted, asked["page"])


def week_asked(arguments: Mapping[str, str]) -> date | None:
    """A day of the week asked for. Raises InvalidInput."""
    day: date | None = load(WeekQuery(), _without_blanks(arguments))["week"]
    if day is not None:
        _check_day(day, "week")
    return day


def _check_day(day: date, field: str) -> None:
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        raise InvalidInput(fields={field: lazy_gettext("Choose a day between 2000 and 2100.")})


def _without_blanks(arguments: Mapping[str, str]) -> dict[str, str]:
    """A form sends empty fields too."""
    return {name: value for name, value in arguments.items() if value}


def _by_field(arguments: MultiDict[str, str]) -> dict[str, Any]:
    """The same, where facets may have several values."""
    return {
        name: [value for value in values if value] if name in FACETS else values[0]
        for name, values in arguments.lists()
        if any(values)
    }


def schedule_window(asked: dict[str, datetime | None], at: datetime) -> Interval:
    """The window asked for. Raises InvalidInput where it is empty or longer than five weeks."""
    start = asked["starts"] or at
    end = asked["ends"] or start + timedelta(weeks=1)
    if not start < end <= start + _LONGEST_SCHEDULE:
        raise InvalidInput(
            fields={"until": lazy_gettext("Choose an end after the start, within five weeks.")}
        )
    return Interval(start, end)
