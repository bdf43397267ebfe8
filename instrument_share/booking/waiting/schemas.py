"""The waiting list on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from ...catalogue.rules import AccessMode
from ...foundation.http.schema import BaseSchema, Instant, Text, WholeNumber, one_sentence
from ...foundation.http.show import localized
from ...foundation.interval import Interval
from ..availability.opening import DAYS
from ..values import BookingRequest
from .queries import EntryView
from .values import JoinRequest, WatchRequest

_CHOOSE_MODE = lazy_gettext("Choose one of the access modes: on_site, remote, mail_in or data.")
_TIME_OF_DAY = dict.fromkeys(
    ("invalid", "null", "format"), lazy_gettext("Write the time in hours and minutes, as in 09:30.")
)
_DAY_CODES = lazy_gettext("Choose weekdays from mon, tue, wed, thu, fri, sat and sun.")


def _time_field() -> fields.Time:
    return fields.Time("%H:%M", load_default=None, allow_none=True, error_messages=_TIME_OF_DAY)


class JoinSchema(BaseSchema):
    """A wish for time: `minutes` (without them, the whole window) anywhere from `from` until `until`.

    `not_before`, `not_after` and `weekdays` are on the clock of `time_zone`, which is the caller's own by default.
    """

    instrument = Text(required=True, most=80, metadata={"description": "slug of the instrument"})
    since = Instant(required=True, data_key="from")
    until = Instant(required=True)
    minutes = WholeNumber(
        load_default=None,
        strict=True,
        validate=validate.Range(1, 527_040, error=lazy_gettext("Write a number of minutes.")),
    )
    not_before = _time_field()
    not_after = _time_field()
    time_zone = Text(load_default=None, allow_none=True, most=60)
    weekdays = fields.List(
        fields.String(validate=validate.OneOf(DAYS, error=_DAY_CODES)),
        load_default=list,
        validate=validate.Length(max=7, error=_DAY_CODES),
        error_messages={"invalid": _DAY_CODES},
    )
    access_mode = fields.String(
        required=True,
        validate=validate.OneOf([mode.value for mode in AccessMode], error=_CHOOSE_MODE),
        error_messages=one_sentence(_CHOOSE_MODE),
    )
    purpose = Text(required=True, most=4000, lines=True)
    project = Text(load_default=None, allow_none=True, most=40)
    agreement = Text(load_default=None, allow_none=True, most=40)
    whole = fields.Boolean(
        load_default=False, truthy={True}, falsy={False},
        error_messages={"invalid": lazy_gettext("Send true or false.")},
        metadata={"description": "every position of the instrument"},
    )  # fmt: skip

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["until"] <= data["since"]:
            raise ValidationError({"until": [lazy_gettext("The end must lie after the start.")]})

    @post_load
    def _request(self, data: dict[str, Any], **_: Any) -> JoinRequest:
        window = Interval(data["since"], data["until"])
        data["minutes"] = data["minutes"] or window.minutes
        data["time_zone"] = data["time_zone"] or ""
        return JoinRequest(**data | {"weekdays": frozenset(data["weekdays"])})


class WatchSchema(BaseSchema):
    """An instrument to watch: be told when at least `minutes` come free within the next `days`."""

    instrument = Text(required=True, most=80, metadata={"description": "slug of the instrument"})
    days = WholeNumber(
        load_default=30,
        strict=True,
        validate=validate.Range(1, 366, error=lazy_gettext("Write a number of days.")),
    )
    minutes = WholeNumber(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 527_040, error=lazy_gettext("Write a number of minutes.")),
    )

    @post_load
    def _request(self, data: dict[str, Any], **_: Any) -> WatchRequest:
        return WatchRequest(**data)


class OfferSchema(BaseSchema):
    """Time that is held for the caller; acting on the booking or on the entry answers it."""

    booking = fields.String(attribute="booking.reference")
    version = fields.Integer(attribute="booking.version")
    starts_at = Instant()
    ends_at = Instant()
    answer_by = Instant()


class EntrySchema(BaseSchema):
    """An entry of the caller's. `place` is where it stands among those who want some of the same time."""

    reference = fields.String(attribute="entry.reference")
    state = fields.String(attribute="entry.state")
    place = fields.Integer(allow_none=True)
    offer = fields.Nested(OfferSchema, allow_none=True)
    instrument = fields.String(attribute="entry.instrument.slug")
    instrument_name = fields.Function(
        lambda view: localized(view.entry.instrument.names), metadata={"type": "string"}
    )
    since = Instant(attribute="entry.since", data_key="from")
    until = Instant(attribute="entry.until")
    minutes = fields.Integer(attribute="entry.minutes")
    not_before = fields.Time("%H:%M", attribute="entry.not_before", allow_none=True)
    not_after = fields.Time("%H:%M", attribute="entry.not_after", allow_none=True)
    time_zone = fields.String(attribute="entry.time_zone")
    weekdays = fields.List(fields.String(), attribute="entry.weekdays")
    access_mode = fields.String(attribute="entry.access_mode")
    purpose = fields.String(attribute="entry.purpose")
    project = fields.String(attribute="entry.project.reference", dump_default=None, allow_none=True)
    agreement = fields.String(
        attribute="entry.agreement.reference", dump_default=None, allow_none=True
    )
    whole = fields.Boolean(attribute="entry.whole")
    joined_at = Instant(attribute="entry.joined_at")
    missed = fields.Integer(
        attribute="entry.missed", metadata={"description": "offers that went unanswered"}
    )


class EntryPage(BaseSchema):
    items = fields.List(fields.Nested(EntrySchema))
    total = fields.Integer()
    page = fields.Integer()
    page_size = fields.Integer()


class WatchedSchema(BaseSchema):
    """An instrument that the caller watches."""

    instrument = fields.String(attribute="instrument.slug")
    instrument_name = fields.Function(
        lambda watch: localized(watch.instrument.names), metadata={"type": "string"}
    )
    days = fields.Integer()
    minutes = fields.Integer(allow_none=True)
    told_at = Instant(allow_none=True)


class WatchedList(BaseSchema):
    items = fields.List(fields.Nested(WatchedSchema))
    total = fields.Integer()


def entry_out(view: EntryView) -> dict[str, Any]:
    """An entry as JSON."""
    dumped: dict[str, Any] = EntrySchema().dump(view)
    return dumped


def wish_for(request: BookingRequest) -> dict[str, Any]:
    """What joins the waiting list for the time that a refused request asked for: a body for the call that joins."""
    body: dict[str, Any] = {
        "instrument": request.instrument,
        "access_mode": request.access_mode,
        "purpose": request.purpose,
        "from": _written(request.starts_at),
        "until": _written(request.ends_at),
        "minutes": int((request.ends_at - request.starts_at).total_seconds() // 60),
    }
    more = {"project": request.project, "agreement": request.agreement, "whole": request.whole}
    return body | {name: value for name, value in more.items() if value}


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
