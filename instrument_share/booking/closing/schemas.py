"""Closures, blockings, outside calendars and the bookings they hit, on the wire."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from ...catalogue.closing.rules import UNKNOWN_END
from ...catalogue.rules import ExceptionKind
from ...catalogue.values import Plan
from ...foundation.http.schema import BaseSchema, Day, Instant, Text
from ...foundation.http.show import localized
from ...foundation.interval import Interval
from ...foundation.languages import LANGUAGES
from .guests import open_to_ids

_TAG = fields.String(validate=validate.OneOf([language.tag for language in LANGUAGES]))


def _texts() -> fields.Dict:
    return fields.Dict(keys=_TAG, values=Text(most=500, lines=True), load_default=dict)


def _names() -> fields.List:
    return fields.List(Text(most=200), load_default=list, validate=validate.Length(max=200))


class GuestsSchema(BaseSchema):
    """Who may still book inside: slugs, references and mail addresses."""

    institutions = _names()
    agreements = _names()
    projects = _names()
    people = _names()


class ExceptionPlanSchema(BaseSchema):
    """A closure, opening or blocking. Without `ends_at` a sudden closure goes on until it is lifted.

    `confirmed` are the references of the bookings hit that the caller has seen.
    """

    kind = fields.Enum(ExceptionKind, by_value=True, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(load_default=None, allow_none=True)
    title = _texts()
    reason = _texts()
    sudden = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    open_to = fields.Nested(GuestsSchema, load_default=dict)
    release_minutes = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 86_400)
    )
    weekly_until = Day(load_default=None, allow_none=True)
    confirmed = _names()

    @validates_schema
    def _check_end(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("starts_at"), data.get("ends_at")
        is_open = data.get("sudden") and data.get("kind") == ExceptionKind.CLOSURE
        if start and ((end is None and not is_open) or (end is not None and end <= start)):
            raise ValidationError(str(lazy_gettext("The end must lie after the start.")), "ends_at")

    @post_load
    def _plan(self, data: dict[str, Any], **_: Any) -> tuple[Plan, list[str]]:
        end = data["ends_at"] or data["starts_at"] + UNKNOWN_END
        plan = Plan(
            data["kind"],
            Interval(data["starts_at"], end),
            title=data["title"],
            reason=data["reason"],
            sudden=data["sudden"] and data["kind"] == ExceptionKind.CLOSURE,
            until_lifted=data["ends_at"] is None,
            weekly_until=data["weekly_until"],
        )
        if plan.kind == ExceptionKind.BLOCKING:
            plan = _reserved(plan, data)
        return plan, data["confirmed"]


class LiftQuery(BaseSchema):
    """`series`: every week of it."""

    series = fields.Boolean(load_default=False)


class CalendarSchema(BaseSchema):
    """An outside calendar to follow."""

    url = Text(required=True, most=2000)
    title = fields.Dict(keys=_TAG, values=Text(most=200), required=True)


class CancelHitSchema(BaseSchema):
    """Which bookings that are hit to cancel, and why; every applicant reads it."""

    references = _names()
    comment = Text(required=True, most=2000, lines=True)


class ExceptionSchema(BaseSchema):
    """Something that opens, closes or blocks an instrument."""

    id = fields.Integer()
    kind = fields.String()
    starts_at = Instant()
    ends_at = Instant()
    title = fields.Function(lambda row: localized(row.title), metadata={"type": "string"})
    reason = fields.Function(lambda row: localized(row.reason), metadata={"type": "string"})
    sudden = fields.Boolean()
    until_lifted = fields.Boolean()
    release_minutes = fields.Integer(allow_none=True)
    series = fields.String(allow_none=True)


class HitSchema(BaseSchema):
    """A booking in closed or blocked time; `stays` where its applicant may book inside."""

    reference = fields.String()
    state = fields.String()
    starts_at = Instant(attribute="slot.start")
    ends_at = Instant(attribute="slot.end")
    applicant = fields.String()
    stays = fields.Boolean()


class OutsideCalendarSchema(BaseSchema):
    """An outside calendar; `failing_since` and `last_error` tell that it cannot be read."""

    id = fields.Integer()
    title = fields.Function(lambda row: localized(row.title), metadata={"type": "string"})
    last_ok_at = Instant(allow_none=True)
    failing_since = Instant(allow_none=True)
    last_error = fields.String()


class ClosingSchema(BaseSchema):
    """All that comes for an instrument, the bookings hit, and its outside calendars."""

    exceptions = fields.List(fields.Nested(ExceptionSchema))
    bookings_hit = fields.List(fields.Nested(HitSchema))
    outside_calendars = fields.List(fields.Nested(OutsideCalendarSchema))


def _reserved(plan: Plan, data: dict[str, Any]) -> Plan:
    return Plan(
        plan.kind,
        plan.when,
        title=plan.title,
        reason=plan.reason,
        open_to=open_to_ids(data["open_to"]),
        release_minutes=data["release_minutes"],
        weekly_until=plan.weekly_until,
    )
