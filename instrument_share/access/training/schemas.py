"""Training on the wire."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_dump

from ...foundation.http import show
from ...foundation.http.paging import PageQuery
from ...foundation.http.schema import BaseSchema, Instant, Text


class TrainingQuery(PageQuery):
    """`instrument` asks for what qualifies for one instrument."""

    instrument = Text(load_default="")


class NoBody(BaseSchema):
    """Nothing needs to be said."""


class SessionSchema(BaseSchema):
    """A training that is offered; `instrument` is null where it is for all of the facility's."""

    reference = fields.String()
    facility = fields.String(attribute="facility.slug")
    instrument = fields.Function(
        lambda session: session.instrument.slug if session.instrument else None
    )
    name = fields.Function(
        lambda session: show.localized((session.instrument or session.facility).names)
    )
    level = fields.String()
    starts_at = Instant()
    ends_at = Instant()
    time_zone = fields.String()
    places = fields.Integer()
    language = fields.String()
    venue = fields.String()
    is_remote = fields.Function(lambda session: bool(session.remote_url))
    about = fields.String()


class SessionPage(BaseSchema):
    items = fields.List(fields.Nested(SessionSchema))
    total = fields.Integer()


class PlaceSchema(BaseSchema):
    """The caller's place: `booked` on a seat, or `waiting` for one. Who has a seat is told the remote link."""

    session = fields.String(attribute="session.reference")
    state = fields.String()
    asked_at = Instant()
    remote_url = fields.Function(
        lambda place: place.session.remote_url if place.seat is not None else ""
    )

    @post_dump
    def _without_nothing(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value != ""}
