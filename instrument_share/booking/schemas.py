"""Bookings on the wire: the only place where outside data becomes booking values, and back."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from ..catalogue.rules import AccessMode
from ..foundation.http.paging import PageQuery
from ..foundation.http.schema import BaseSchema, Instant, Text
from ..foundation.http.show import localized
from .labels import where_of
from .queries import BookingView
from .rules import Seat, State
from .values import BookingFilter, BookingRequest, FinishedUse, SampleEntry

_CHOOSE_MODE = lazy_gettext("Choose one of the access modes: on_site, remote, mail_in or data.")
_CHOOSE_POSITION = lazy_gettext("Choose a position by its number, from 1, or null for any.")
_WHOLE = {
    "invalid": lazy_gettext("Write a whole number."),
    "null": lazy_gettext("Write a whole number."),
}


class SampleSchema(BaseSchema):
    """A group of like samples."""

    name = Text(required=True, metadata={"example": "Al thin film, cross-section"})
    count = fields.Integer(
        load_default=1,
        strict=True,
        validate=validate.Range(1, 10_000, error=lazy_gettext("Write a number from 1 to 10,000.")),
        error_messages=_WHOLE,
    )
    hazard = Text(load_default="")
    afterwards = fields.String(
        load_default="return",
        validate=validate.OneOf(
            ("return", "destroy"), error=lazy_gettext("Choose return or destroy.")
        ),
    )

    @post_load
    def _entry(self, data: dict[str, Any], **_: Any) -> SampleEntry:
        return SampleEntry(**data)


def _position(**more: Any) -> fields.Integer:
    return fields.Integer(
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 50, error=_CHOOSE_POSITION),
        error_messages={"invalid": _CHOOSE_POSITION},
        metadata={"description": "which of the instrument's positions; null: any"},
        **more,
    )


def _whole(**more: Any) -> fields.Boolean:
    return fields.Boolean(
        truthy={True},
        falsy={False},
        error_messages={"invalid": lazy_gettext("Send true or false.")},
        metadata={"description": "every position of the instrument at once"},
        **more,
    )


class _Seated(BaseSchema):
    """One position and all of them cannot both be meant."""

    @validates_schema
    def _check_seat(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("whole") and data.get("position") is not None:
            raise ValidationError(
                gettext("Choose one position or the whole instrument, not both."), "position"
            )


class RequestSchema(_Seated):
    """What a booking is asked for with; `submit` sends it at once, else it stays a draft."""

    instrument = Text(required=True, most=80, metadata={"description": "slug of the instrument"})
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    access_mode = fields.String(
        required=True,
        validate=validate.OneOf([mode.value for mode in AccessMode], error=_CHOOSE_MODE),
        error_messages={"required": _CHOOSE_MODE, "null": _CHOOSE_MODE, "invalid": _CHOOSE_MODE},
    )
    purpose = Text(required=True, most=4000, lines=True)
    position = _position(load_default=None)
    whole = _whole(load_default=False)
    project = Text(load_default=None, allow_none=True, most=40)
    agreement = Text(load_default=None, allow_none=True, most=40)
    samples = fields.List(
        fields.Nested(SampleSchema),
        load_default=list,
        validate=validate.Length(max=50, error=lazy_gettext("List at most 50 groups of samples.")),
        error_messages={"invalid": lazy_gettext("Send a list of samples.")},
    )
    submit = fields.Boolean(
        load_default=True, truthy={True}, falsy={False},
        error_messages={"invalid": lazy_gettext("Send true or false.")},
    )  # fmt: skip

    @post_load
    def _request(self, data: dict[str, Any], **_: Any) -> tuple[BookingRequest, bool]:
        send = data.pop("submit")
        return BookingRequest(**data | {"samples": tuple(data["samples"])}), send


class BookingListQuery(PageQuery):
    """Which bookings to list."""

    state = fields.String(
        load_default=None,
        validate=validate.OneOf(
            [state.value for state in State], error=lazy_gettext("There is no such state.")
        ),
    )
    instrument = Text(load_default=None, most=80)
    since = Instant(load_default=None, data_key="from")
    until = Instant(load_default=None)

    @post_load
    def _filter(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        paging = {name: data.pop(name) for name in ("page", "page_size")}
        return {"which": BookingFilter(**data), **paging}


class WindowQuery(_Seated):
    """A stretch of time, `from` inclusive, `until` exclusive; 62 days at most.

    `position` or `whole` ask about one position or all of them; `moving` names a booking of the caller whose own
    time is not in its way.
    """

    since = Instant(required=True, data_key="from")
    until = Instant(required=True)
    position = fields.Integer(
        load_default=None,
        validate=validate.Range(1, 50, error=_CHOOSE_POSITION),
        error_messages={"invalid": _CHOOSE_POSITION},
    )
    whole = fields.Boolean(
        load_default=False, error_messages={"invalid": lazy_gettext("Write true or false.")}
    )
    moving = Text(load_default=None, most=20)


class CommentSchema(BaseSchema):
    """Why something is done; what the other side will read."""

    comment = Text(load_default="", most=2000, lines=True)


class RescheduleSchema(_Seated):
    """The new time; without `position` and `whole` the booking asks for the same one as before."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    position = _position()
    whole = _whole()

    @post_load
    def _placed(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        chosen = {name: data.pop(name) for name in ("position", "whole") if name in data}
        return data | {"seat": Seat(**chosen) if chosen else None}


class FinishSchema(BaseSchema):
    """What really happened; without times, from the noted start until now."""

    started_at = Instant(load_default=None, allow_none=True)
    ended_at = Instant(load_default=None, allow_none=True)
    operator_minutes = fields.Integer(
        load_default=0,
        strict=True,
        validate=validate.Range(
            0, 100_000, error=lazy_gettext("Write the minutes as a number from 0.")
        ),
        error_messages=_WHOLE,
    )
    samples = fields.Integer(
        load_default=0,
        strict=True,
        validate=validate.Range(
            0, 100_000, error=lazy_gettext("Write the number of samples, from 0.")
        ),
        error_messages=_WHOLE,
    )
    note = Text(load_default="", most=2000, lines=True)
    comment = Text(load_default="", most=2000, lines=True)


def use_from(data: dict[str, Any], noted_start: Any, at: Any) -> FinishedUse:
    """The use that a finish tells of; times that were left out are the noted start and the present minute."""
    return FinishedUse(
        started_at=data["started_at"] or noted_start,
        ended_at=data["ended_at"] or at.replace(second=0),
        operator_minutes=data["operator_minutes"],
        samples=data["samples"],
        note=data["note"] or data["comment"],
    )


class PersonSchema(BaseSchema):
    name = fields.String(attribute="display_name")


class InstitutionSchema(BaseSchema):
    slug = fields.String()
    name = fields.Function(lambda each: localized(each.names), metadata={"type": "string"})
    country = fields.String()


class StepSchema(BaseSchema):
    """A decision: made, being made (`pending`), to come (`waiting`) or no longer asked (`void`)."""

    step = fields.String(attribute="role")
    round = fields.Integer()
    status = fields.String()
    by = fields.Function(
        lambda step: step.decided_by.display_name if step.decided_by else None,
        metadata={"type": ["string", "null"]},
    )
    deputy_of = fields.Function(
        lambda step: step.decided_for.display_name if step.decided_for else None,
        metadata={"type": ["string", "null"], "description": "for whom `by` decided as a deputy"},
    )
    at = Instant(attribute="decided_at", allow_none=True)
    due_at = Instant(allow_none=True)
    stage = fields.Integer(metadata={"description": "steps of the same stage are asked at once"})
    automatic = fields.Boolean(metadata={"description": "approved by a rule of the policy"})
    comment = fields.String()


class ChargeSchema(BaseSchema):
    """A charge line that explains itself; hours and amounts are decimal strings."""

    description = fields.String()
    quantity = fields.String()
    minutes = fields.Integer(allow_none=True)
    unit = fields.String()
    rate = fields.String()
    gross = fields.String()
    discount_percent = fields.Integer()
    discount = fields.String()
    amount = fields.String()
    currency = fields.String()
    agreement = fields.String(allow_none=True)


class BookingSchema(BaseSchema):
    """A booking as whoever asks may see it."""

    reference = fields.String(attribute="booking.reference")
    state = fields.String(attribute="booking.state")
    version = fields.Integer(attribute="booking.version")
    instrument = fields.String(attribute="booking.instrument.slug")
    instrument_name = fields.Function(
        lambda view: localized(view.booking.instrument.names), metadata={"type": "string"}
    )
    time_zone = fields.String(attribute="booking.time_zone")
    starts_at = Instant(attribute="booking.starts_at")
    ends_at = Instant(attribute="booking.ends_at")
    held_from = Instant(attribute="booking.held_from")
    held_until = Instant(attribute="booking.held_until")
    position = fields.Function(
        lambda view: view.booking.position or view.booking.wanted_position,
        metadata={"type": ["integer", "null"]},
    )
    position_name = fields.Function(
        lambda view: where_of(view.booking) or None, metadata={"type": ["string", "null"]}
    )
    whole = fields.Boolean(attribute="booking.whole")
    access_mode = fields.String(attribute="booking.access_mode")
    purpose = fields.String(attribute="booking.purpose")
    applicant = fields.Nested(PersonSchema, attribute="booking.applicant")
    institution = fields.Nested(InstitutionSchema, attribute="booking.institution", allow_none=True)
    project = fields.String(
        attribute="booking.project.reference", dump_default=None, allow_none=True
    )
    agreement = fields.String(
        attribute="booking.agreement.reference", dump_default=None, allow_none=True
    )
    samples = fields.List(fields.Nested(SampleSchema), attribute="booking.samples")
    hold_expires_at = Instant(attribute="booking.hold_expires_at", allow_none=True)
    started_at = Instant(attribute="booking.started_at", allow_none=True)
    ended_at = Instant(attribute="booking.ended_at", allow_none=True)
    late = fields.Boolean(attribute="booking.late")
    series = fields.String(attribute="booking.series.reference", dump_default=None, allow_none=True)
    occurrence = Instant(attribute="booking.occurrence", allow_none=True)
    approval = fields.List(fields.Nested(StepSchema), attribute="booking.steps")
    charges = fields.List(fields.Nested(ChargeSchema))
    actions = fields.List(fields.String(), metadata={"description": "what the caller can do now"})


class BookingPage(BaseSchema):
    items = fields.List(fields.Nested(BookingSchema))
    total = fields.Integer()
    page = fields.Integer()
    page_size = fields.Integer()


class StretchSchema(BaseSchema):
    since = Instant(attribute="start", data_key="from")
    until = Instant(attribute="end")


class FreeSchema(StretchSchema):
    title = fields.Function(
        lambda part: localized(part.title),
        metadata={"type": "string", "description": "what it is reserved for, to those inside"},
    )


class BusySchema(BaseSchema):
    since = Instant(attribute="slot.start", data_key="from")
    until = Instant(attribute="slot.end")
    kind = fields.String(metadata={"description": "booked, closure or blocking"})
    title = fields.Function(
        lambda part: localized(part.title),
        metadata={"type": "string", "description": "what the time is blocked for"},
    )


class AvailabilitySchema(BaseSchema):
    """A booking that begins at a free stretch's `from` and ends by its `until` can be had.

    `reserved` are the parts of free time that are blocked for others and open to whoever asks.
    """

    free = fields.List(fields.Nested(FreeSchema))
    busy = fields.List(fields.Nested(BusySchema))
    reserved = fields.List(fields.Nested(BusySchema))
    time_zone = fields.String()


class AlternativeSchema(BaseSchema):
    """Kind `position`: another position at the asked time; `same`: another time; `sibling`: a like instrument."""

    kind = fields.String()
    instrument = fields.String(attribute="instrument.slug")
    name = fields.Function(
        lambda each: localized(each.instrument.names), metadata={"type": "string"}
    )
    time_zone = fields.String(attribute="instrument.time_zone")
    starts_at = Instant(attribute="slot.start")
    ends_at = Instant(attribute="slot.end")
    position = fields.Integer(attribute="seat.position", allow_none=True)
    whole = fields.Boolean(attribute="seat.whole")


_BOOKING = BookingSchema()  # made once: a schema copies all of its fields


def dump_view(view: BookingView) -> dict[str, Any]:
    """A booking as JSON."""
    dumped: dict[str, Any] = _BOOKING.dump(view)
    return dumped
