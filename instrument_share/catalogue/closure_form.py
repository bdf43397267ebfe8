"""The form by which a manager closes an instrument for a while, in the instrument's local time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from flask_babel import lazy_gettext
from marshmallow import fields, validate

from ..foundation.clock import zone
from ..foundation.errors import InvalidInput
from ..foundation.http.schema import BaseSchema, Text, load
from ..foundation.interval import Interval
from ..foundation.languages import LANGUAGES
from ..foundation.localtime import AmbiguousTime, NonexistentTime, instant_of
from .values import Closure

_DAY = dict.fromkeys(("required", "null", "invalid"), lazy_gettext("Choose a day."))
_TIME = dict.fromkeys(("required", "null", "invalid"), lazy_gettext("Choose a time, as in 08:30."))


class _ClosureForm(BaseSchema):
    starts_on = fields.Date(required=True, error_messages=_DAY)
    starts_time = fields.Time(required=True, error_messages=_TIME)
    ends_on = fields.Date(required=True, error_messages=_DAY)
    ends_time = fields.Time(required=True, error_messages=_TIME)
    reason = Text(most=500, lines=True, load_default="")
    reason_language = fields.String(
        load_default=LANGUAGES[0].tag,
        validate=validate.OneOf([language.tag for language in LANGUAGES]),
    )
    sudden = fields.Boolean(load_default=False)


def closure_from(form: Mapping[str, str], time_zone: str) -> Closure:
    """The closure that was typed. Raises InvalidInput, for local times that do not exist once,
    too.
    """
    typed = {name: value for name, value in form.items() if name != "csrf_token"}
    data = load(_ClosureForm(), typed)
    start = _instant(data["starts_on"], data["starts_time"], time_zone, "starts_time")
    end = _instant(data["ends_on"], data["ends_time"], time_zone, "ends_time")
    if end <= start:
        raise InvalidInput(fields={"ends_on": lazy_gettext("Choose an end after the start.")})
    reason = {data["reason_language"]: data["reason"]} if data["reason"] else {}
    return Closure(Interval(start, end), reason, data["sudden"])


def _instant(day: date, wall: time, time_zone: str, field: str) -> datetime:
    try:
        return instant_of(datetime.combine(day, wall.replace(tzinfo=None)), zone(time_zone))
    except NonexistentTime:
        sentence = lazy_gettext("The clocks skip this time on that day. Choose another one.")
    except AmbiguousTime:
        sentence = lazy_gettext("This time happens twice on that day. Choose another one.")
    raise InvalidInput(fields={field: sentence})
