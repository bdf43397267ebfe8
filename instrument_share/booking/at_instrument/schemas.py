"""What is sent from a phone at the instrument, and what the gate is told."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ...foundation.http.schema import BaseSchema, FormSchema, Instant, Text
from .queries import GateAnswer


class FaultForm(FormSchema):
    text = Text(required=True, most=2000, lines=True)


class ActForm(FormSchema):
    reference = Text(required=True, most=40)


class GateSchema(BaseSchema):
    """`reason`: in_use or booked (open); far or none (shut). `until`: when to ask anew at the latest."""

    open = fields.Boolean(attribute="is_open")
    reason = fields.String(attribute="gate")
    booking = fields.String(attribute="booking.reference", allow_none=True)
    state = fields.String(attribute="booking.state", allow_none=True)
    starts_at = Instant(attribute="booking.starts_at", allow_none=True)
    ends_at = Instant(attribute="booking.ends_at", allow_none=True)


def gate_out(answer: GateAnswer) -> dict[str, Any]:
    dumped: dict[str, Any] = GateSchema().dump(answer)
    empty = dict.fromkeys(("booking", "state", "starts_at", "ends_at"))
    return dumped if answer.booking else empty | dumped
