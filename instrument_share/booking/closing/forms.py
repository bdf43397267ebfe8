"""What managers type to close, open or block an instrument, in the instrument's local time."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from ...catalogue.closing.rules import UNKNOWN_END
from ...catalogue.models import OpeningException
from ...catalogue.rules import ExceptionKind
from ...catalogue.values import Plan
from ...foundation.clock import zone
from ...foundation.errors import InvalidInput
from ...foundation.http.schema import Day, FormSchema, Text, WallTime, load, one_sentence
from ...foundation.interval import Interval
from ...foundation.languages import LANGUAGES
from ...foundation.localized import in_language
from ...foundation.localtime import AmbiguousTime, NonexistentTime, instant_of
from .guests import open_to_ids, told_by_ids

_DAY = one_sentence(lazy_gettext("Choose a day."))
_HOURS = lazy_gettext("Write a whole number of hours.")
#: Fields that may be sent several times.
LISTS = ("institutions", "agreements", "projects")


class _Texts(FormSchema):
    reason = Text(most=500, lines=True, load_default="")
    reason_language = fields.String(
        load_default=LANGUAGES[0].tag,
        validate=validate.OneOf([language.tag for language in LANGUAGES]),
    )


class PlanForm(_Texts):
    """A closure, opening or blocking."""

    kind = fields.Enum(ExceptionKind, by_value=True, load_default=ExceptionKind.CLOSURE)
    starts_on = Day(required=True, error_messages=_DAY)
    starts_time = WallTime(required=True)
    ends_on = Day(required=True, error_messages=_DAY)
    ends_time = WallTime(required=True)
    weekly_until = Day(load_default=None, error_messages=_DAY)
    title = Text(most=200, load_default="")
    institutions = fields.List(Text(most=80), load_default=list)
    agreements = fields.List(Text(most=80), load_default=list)
    projects = fields.List(Text(most=80), load_default=list)
    people = Text(most=2000, lines=True, load_default="")
    release_hours = fields.Integer(
        load_default=None,
        validate=validate.Range(0, 24 * 60, error=_HOURS),
        error_messages={"invalid": _HOURS},
    )


class OutageForm(_Texts):
    """Closed from now on; without a day nobody knows until when."""

    ends_on = Day(load_default=None, error_messages=_DAY)
    ends_time = WallTime(load_default=None)


class CalendarForm(_Texts):
    """An outside calendar to follow."""

    url = Text(required=True, most=2000)
    calendar_title = Text(required=True, most=200)


def plan_from(form: MultiDict[str, str], time_zone: str) -> Plan:
    """The plan that was typed. Raises InvalidInput, for local times that do not exist once, too."""
    data = load(PlanForm(), _typed(form))
    start = _instant(data["starts_on"], data["starts_time"], time_zone, "starts_time")
    end = _instant(data["ends_on"], data["ends_time"], time_zone, "ends_time")
    if end <= start:
        raise InvalidInput(fields={"ends_on": lazy_gettext("Choose an end after the start.")})
    plan = Plan(
        data["kind"],
        Interval(start, end),
        title=_in(data["reason_language"], data["title"]),
        reason=_in(data["reason_language"], data["reason"]),
        weekly_until=data["weekly_until"],
    )
    return _reserved(plan, data) if plan.kind == ExceptionKind.BLOCKING else plan


def outage_from(form: MultiDict[str, str], time_zone: str, at: datetime) -> Plan:
    """The outage that was typed, from `at` on. Raises InvalidInput."""
    data = load(OutageForm(), _typed(form))
    end = at + UNKNOWN_END
    if data["ends_on"]:
        end = _instant(data["ends_on"], data["ends_time"] or time(0), time_zone, "ends_time")
    if end <= at:
        raise InvalidInput(fields={"ends_on": lazy_gettext("Choose an end in the future.")})
    return Plan(
        ExceptionKind.CLOSURE,
        Interval(at, end),
        reason=_in(data["reason_language"], data["reason"]),
        sudden=True,
        until_lifted=not data["ends_on"],
    )


def values_of(row: OpeningException, time_zone: str, language: str) -> dict[str, Any]:
    """What the form shows when a stretch is changed."""
    start, end = (moment.astimezone(zone(time_zone)) for moment in (row.starts_at, row.ends_at))
    told = told_by_ids(row.open_to)
    return {
        "kind": row.kind,
        "starts_on": start.date().isoformat(),
        "starts_time": f"{start:%H:%M}",
        "ends_on": end.date().isoformat(),
        "ends_time": f"{end:%H:%M}",
        "title": in_language(row.title, language),
        "reason": in_language(row.reason, language),
        "release_hours": "" if row.release_minutes is None else row.release_minutes // 60,
        **told,
        "people": "\n".join(told.get("people", ())),
    }


def changed(row: OpeningException, plan: Plan) -> Plan:
    """The plan with what its form does not show taken from the row: other languages, and how it came about."""
    return Plan(
        plan.kind,
        plan.when,
        title={**row.title, **plan.title},
        reason={**row.reason, **plan.reason},
        sudden=row.sudden,
        open_to=plan.open_to,
        release_minutes=plan.release_minutes,
    )


def _reserved(plan: Plan, data: dict[str, Any]) -> Plan:
    people = [each for each in re.split(r"[\s,;，；、]+", data["people"]) if each]
    told = {kind: data[kind] for kind in ("institutions", "agreements", "projects")}
    hours = data["release_hours"]
    return Plan(
        plan.kind,
        plan.when,
        title=plan.title,
        reason=plan.reason,
        open_to=open_to_ids({**told, "people": people}),
        release_minutes=None if hours is None else hours * 60,
        weekly_until=plan.weekly_until,
    )


def _typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """One value of each field, all of a list; controls that were left empty are not there."""
    single = {name: value for name, value in form.items() if value.strip()}
    return single | {name: form.getlist(name) for name in LISTS if name in form}


def _in(language: str, text: str) -> dict[str, str]:
    return {language: text} if text else {}


def _instant(day: date, wall: time, time_zone: str, field: str) -> datetime:
    try:
        return instant_of(datetime.combine(day, wall.replace(tzinfo=None)), zone(time_zone))
    except NonexistentTime:
        sentence = lazy_gettext("The clocks skip this time on that day. Choose another one.")
    except AmbiguousTime:
        sentence = lazy_gettext("This time happens twice on that day. Choose another one.")
    raise InvalidInput(fields={field: sentence})
