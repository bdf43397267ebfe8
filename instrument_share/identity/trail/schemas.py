"""Which part of the audit trail is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext, lazy_gettext
from marshmallow import EXCLUDE, ValidationError, post_load, validates_schema

from ...foundation.http.paging import PageQuery
from ...foundation.http.schema import Day, Text
from .queries import Wanted

_DAY = {"invalid": lazy_gettext("Choose a day of the calendar.")}


class TrailQuery(PageQuery):
    """The search form of the trail; its days are days in UTC, as the trail's times are. Gives `wanted` and the page."""

    class Meta:
        unknown = EXCLUDE

    #: The fields of the form.
    asked = ("about", "who", "kind", "first", "last")

    about = Text(most=254, load_default="")
    who = Text(most=254, load_default="")
    kind = Text(most=40, load_default="")
    first = Day(load_default=None, error_messages=_DAY)
    last = Day(load_default=None, error_messages=_DAY)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            raise ValidationError(gettext("This is before the first day."), "last")

    @post_load
    def _wanted(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        wanted = Wanted(
            about=data["about"],
            who=data["who"],
            kind=data["kind"],
            since=_midnight(data["first"]) if data["first"] else None,
            until=_midnight(data["last"] + timedelta(days=1)) if data["last"] else None,
        )
        return {"wanted": wanted, "page": data["page"], "page_size": data["page_size"]}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
