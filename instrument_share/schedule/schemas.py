"""What the schedule's addresses may be asked with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from marshmallow import EXCLUDE, fields

from ..foundation.errors import InvalidInput
from ..foundation.http.paging import PageQuery
from ..foundation.http.schema import BaseSchema, Instant, Text, load
from ..foundation.interval import Interval
from ..foundation.localtime import midnight_of
from .rules import LONGEST_FREE_BUSY

_USUAL_WINDOW = timedelta(weeks=4)
_LONGEST_SCHEDULE = timedelta(weeks=5)


class FreeBusyQuery(BaseSchema):
    """`from` and `until`, RFC 3339; by default the coming four weeks."""

    class Meta:
        unknown = EXCLUDE

    starts = Instant(data_key="from", load_default=None)
    ends = Instant(data_key="until", load_default=None)


class TimelineQuery(PageQuery):
    """The day on the reader's clock, and which facility alone."""

    class Meta:
        unknown = EXCLUDE

    day = fields.Date(
        load_default=None,
        error_messages={"invalid": lazy_gettext("Write the day as in 2026-03-01.")},
    )
    facility = Text(most=80, load_default="")


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
    """A day of the timeline: `window` is that day on the clock of whoever reads."""

    day: date
    window: Interval
    facility: str
    page: int


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


def timeline_asked(arguments: Any, zone: ZoneInfo, at: datetime) -> TimelineAsked:
    """The day asked for, today by default. Raises InvalidInput."""
    asked = load(TimelineQuery(), _without_blanks(arguments))
    day = asked["day"] or at.astimezone(zone).date()
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        raise InvalidInput(fields={"day": lazy_gettext("Choose a day between 2000 and 2100.")})
    window = Interval(midnight_of(day, zone), midnight_of(day + timedelta(days=1), zone))
    return TimelineAsked(day, window, asked["facility"], asked["page"])


def _without_blanks(arguments: Any) -> dict[str, str]:
    """A form sends empty fields too."""
    return {name: value for name, value in arguments.items() if value}


def schedule_window(asked: dict[str, datetime | None], at: datetime) -> Interval:
    """The window asked for. Raises InvalidInput where it is empty or longer than five weeks."""
    start = asked["starts"] or at
    end = asked["ends"] or start + timedelta(weeks=1)
    if not start < end <= start + _LONGEST_SCHEDULE:
        raise InvalidInput(
            fields={"until": lazy_gettext("Choose an end after the start, within five weeks.")}
        )
    return Interval(start, end)
