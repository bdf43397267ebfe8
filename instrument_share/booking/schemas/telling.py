"""Bookings as whoever asks may see them, and which of them are listed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, post_load, validate

from ...foundation.http.paging import PageQuery
from ...foundation.http.schema import BaseSchema, Instant, Text
from ...foundation.http.show import localized
from ..labels import where_of
from ..queries import BookingView
from ..rules import State
from ..values import BookingFilter
from .asking import SampleSchema


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
    words = Text(
        load_default=None,
        most=80,
        data_key="q",
        metadata={
            "description": "a whole reference, or part of the applicant's name; both whatever their case"
        },
    )

    @post_load
    def _filter(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        paging = {name: data.pop(name) for name in ("page", "page_size")}
        return {"which": BookingFilter(**data), **paging}


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


_BOOKING = BookingSchema()  # made once: a schema copies all of its fields


def booking_out(view: BookingView) -> dict[str, Any]:
    """A booking as JSON."""
    dumped: dict[str, Any] = _BOOKING.dump(view)
    return dumped
