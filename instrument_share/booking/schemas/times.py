"""Free and busy time, and what can be had instead of what cannot."""

from __future__ import annotations

from flask_babel import lazy_gettext
from marshmallow import fields, validate

from ...foundation.http.schema import BaseSchema, Instant, Text
from ...foundation.http.show import localized
from .seats import CHOOSE_POSITION, Seated


class WindowQuery(Seated):
    """A stretch of time, `from` inclusive, `until` exclusive; 62 days at most.

    `position` or `whole` ask about one position or all of them; `moving` names a booking of the caller whose own
    time is not in its way.
    """

    since = Instant(required=True, data_key="from")
    until = Instant(required=True)
    position = fields.Integer(
        load_default=None,
        validate=validate.Range(1, 50, error=CHOOSE_POSITION),
        error_messages={"invalid": CHOOSE_POSITION},
    )
    whole = fields.Boolean(
        load_default=False, error_messages={"invalid": lazy_gettext("Write true or false.")}
    )
    moving = Text(load_default=None, most=20)


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
        metadata={
            "type": "string",
            "description": "what the time is blocked for, or why it is closed",
        },
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
