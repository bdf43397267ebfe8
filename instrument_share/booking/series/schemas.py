"""Series on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, post_load, validate

from ...foundation.http.schema import BaseSchema, Instant, Text
from ..queries import BookingView
from ..schemas import BookingSchema, CommentSchema, RequestSchema
from .errors import advice_on
from .models import Series
from .planning import OnConflict, Planned
from .sentence import sentence_of
from .values import Extent, Reach, SeriesRequest

_CHOOSE_CONFLICT = lazy_gettext(
    "Choose what happens to times that cannot be had: skip, shift or stop."
)
_CHOOSE_SCOPE = lazy_gettext("Choose one, following or all.")
_TRUTH = lazy_gettext("Send true or false.")


def _one_of(values: list[str], error: Any, **more: Any) -> fields.String:
    return fields.String(
        validate=validate.OneOf(values, error=error), error_messages={"invalid": error}, **more
    )


class SeriesRequestSchema(RequestSchema):
    """A booking's fields for the first occurrence, and the rule for the others; with `dry_run` nothing is saved.

    `on_conflict`: `skip` leaves out what cannot be had, `shift` moves it to the nearest free time of the same local day
    (and leaves it out where there is none), `stop` saves nothing where anything cannot be had.
    """

    class Meta(BaseSchema.Meta):
        exclude = ("submit",)

    rrule = Text(required=True, most=500, metadata={"example": "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10"})
    on_conflict = _one_of(list(OnConflict), _CHOOSE_CONFLICT, load_default=OnConflict.STOP.value)
    dry_run = fields.Boolean(
        load_default=False, truthy={True}, falsy={False}, error_messages={"invalid": _TRUTH}
    )

    @post_load
    def _request(self, data: dict[str, Any], **_: Any) -> Any:
        dry_run, rrule = data.pop("dry_run"), data.pop("rrule")
        on_conflict = OnConflict(data.pop("on_conflict"))
        first, _send = super()._request(data | {"submit": True})
        return SeriesRequest(first, rrule, on_conflict), dry_run


class ReachSchema(CommentSchema):
    """Which occurrences are meant, counted `from` the reference of one; without it from the first."""

    scope = _one_of(list(Extent), _CHOOSE_SCOPE, load_default=Extent.ALL.value)
    origin = Text(data_key="from", load_default="", most=40)

    @post_load
    def _reach(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        data["reach"] = Reach(Extent(data.pop("scope")), data.pop("origin"))
        return data


class MoveSchema(ReachSchema):
    """The new time of the occurrence `from`; the others move by as much on the wall clock."""

    class Meta(BaseSchema.Meta):
        exclude = ("comment",)

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    on_conflict = _one_of(
        [OnConflict.STOP.value, OnConflict.SKIP.value],
        lazy_gettext("Choose stop or skip."),
        load_default=OnConflict.STOP.value,
    )

    @post_load
    def _conflict(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        data["on_conflict"] = OnConflict(data["on_conflict"])
        return data


class PlannedSchema(BaseSchema):
    """An occurrence and what becomes of it: `free`, `conflict`, `skipped` or `shifted`.

    `starts_at` and `ends_at` are null where the wall time `local_start` does not exist or comes twice.
    """

    local_start = fields.Function(
        lambda planned: planned.wall.isoformat(timespec="minutes"), metadata={"type": "string"}
    )
    starts_at = fields.Function(lambda planned: _instant(planned.slot and planned.slot.start))
    ends_at = fields.Function(lambda planned: _instant(planned.slot and planned.slot.end))
    status = fields.String()
    code = fields.String()
    message = fields.Function(
        lambda planned: str(advice_on(planned.code)), metadata={"type": "string"}
    )
    shifted_to = fields.Method("_shifted_to", metadata={"type": ["object", "null"]})
    reference = fields.String(metadata={"description": "of its booking, where there is one"})

    def _shifted_to(self, planned: Planned) -> dict[str, str | None] | None:
        shifted = planned.shifted_to
        if shifted is None:
            return None
        return {"starts_at": _instant(shifted.start), "ends_at": _instant(shifted.end)}


class PlanSchema(BaseSchema):
    """What a series would be."""

    rrule = fields.String()
    description = fields.String(metadata={"description": "the rule in words"})
    time_zone = fields.String()
    occurrences = fields.List(fields.Nested(PlannedSchema))


@dataclass(frozen=True, slots=True)
class ShownSeries:
    """A series as whoever asks may see it; `left_out` is what a request of theirs did not book or move."""

    series: Series
    version: int
    views: Sequence[BookingView]
    left_out: Sequence[Planned] = ()


class SeriesSchema(BaseSchema):
    """A series with its occurrences, each a booking. `version` rises with every change of any of them."""

    reference = fields.String(attribute="series.reference")
    version = fields.Integer()
    rrule = fields.String(attribute="series.rrule")
    description = fields.Function(
        lambda view: sentence_of(view.series.rrule, view.series.first_start, view.series.time_zone),
        metadata={"type": "string"},
    )
    instrument = fields.String(attribute="series.instrument.slug")
    time_zone = fields.String(attribute="series.time_zone")
    first_start = fields.Function(
        lambda view: view.series.first_start.isoformat(timespec="minutes"),
        metadata={"type": "string", "description": "on the instrument's wall clock"},
    )
    minutes = fields.Integer(attribute="series.minutes")
    occurrences = fields.List(fields.Nested(BookingSchema), attribute="views")
    left_out = fields.List(
        fields.Nested(PlannedSchema),
        metadata={"description": "occurrences that this request did not book or move"},
    )


def planned_out(planned: Any) -> list[dict[str, Any]]:
    dumped: list[dict[str, Any]] = PlannedSchema(many=True).dump(planned)
    return dumped


def _instant(moment: Any) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
