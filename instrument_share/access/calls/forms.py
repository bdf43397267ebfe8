"""What is typed when a call is written; times are wall times of the facility."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from ...catalogue.models import Facility
from ...foundation.clock import zone
from ...foundation.errors import InvalidInput
from ...foundation.http.schema import Day, FormSchema, Text, WallTime, load, one_sentence
from ...foundation.languages import LANGUAGES
from ...foundation.localtime import AmbiguousTime, NonexistentTime, instant_of, wall_of
from ..agreements.rules import MINUTES_PER_HOUR
from ..projects.forms import one_of
from ..rules import ProjectKind
from .models import Call, Offer
from .rules import Timetable
from .standard import CRITERIA
from .values import CallDraft, CriterionDraft

#: So many criteria a call can have.
ROWS = 6
#: The three times of a call, each a day and a time in the form.
EDGES = {"opens": "opens_at", "closes": "closes_at", "review": "review_until"}

_DAY = one_sentence(lazy_gettext("Choose a day."))
_TIME = one_sentence(lazy_gettext("Give a time."))
_HOURS = lazy_gettext("Write a whole number of hours.")
_WEIGHT = lazy_gettext("Write a number from 1 to 100.")


def whole_hours(*, least: int = 1, **more: Any) -> fields.Integer:
    """A field for a whole number of hours."""
    return fields.Integer(
        validate=validate.Range(least, 100_000, error=_HOURS),
        error_messages=one_sentence(_HOURS),
        **more,
    )


def _in_every_language(name: str, **more: Any) -> dict[str, Any]:
    return {f"{name}_{language.tag}": Text(load_default="", **more) for language in LANGUAGES}


_EDGES: dict[str, Any] = {
    f"{edge}_{part}": kind(required=True, error_messages=words)
    for edge in EDGES
    for part, kind, words in (("on", Day, _DAY), ("time", WallTime, _TIME))
}
_LATER = {name: field for name, field in _EDGES.items() if not name.startswith("opens")}
_CRITERIA: dict[str, Any] = {}
for _row in range(ROWS):
    _CRITERIA |= _in_every_language(f"criterion{_row}", most=200)
    _CRITERIA[f"weight{_row}"] = fields.Integer(
        load_default=None,
        validate=validate.Range(1, 100, error=_WEIGHT),
        error_messages=one_sentence(_WEIGHT),
    )
_FORM = FormSchema.from_dict(
    {
        **_in_every_language("title", most=300),
        **_in_every_language("description", most=8000, lines=True),
        **_EDGES,
        **_CRITERIA,
        "project_kind": fields.String(
            load_default=ProjectKind.BIG_SCIENCE_PROGRAMME, validate=one_of(ProjectKind)
        ),
        "agreement": Text(most=40, load_default=None),
        "starts_on": Day(required=True, error_messages=_DAY),
        "ends_on": Day(required=True, error_messages=_DAY),
    },
    name="CallForm",
)


def draft_from(form: MultiDict[str, str], facilities: Sequence[Facility]) -> CallDraft:
    """The call that was typed, with `hours-<slug>` and `instruments-<slug>` for each facility. Raises InvalidInput."""
    hours: dict[str, Any] = {
        f"hours-{each.slug}": whole_hours(required=True) for each in facilities
    }
    data = load(_FORM.from_dict(hours)(), filled(form))
    clock = facilities[0]
    return CallDraft(
        titles=_texts(data, "title"),
        descriptions=_texts(data, "description"),
        offers={it.slug: data[f"hours-{it.slug}"] * MINUTES_PER_HOUR for it in facilities},
        instruments=tuple(
            slug for each in facilities for slug in form.getlist(f"instruments-{each.slug}") if slug
        ),
        times=Timetable(**{name: _instant(data, edge, clock) for edge, name in EDGES.items()}),
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
        criteria=tuple(_criteria(data)),
        project_kind=data["project_kind"],
        agreement=data["agreement"],
    )


def later_from(form: MultiDict[str, str], call: Call) -> Timetable:
    """Other times for a call that has opened. Raises InvalidInput."""
    data = load(FormSchema.from_dict(_LATER)(), filled(form))
    closes_at, review_until = (_instant(data, each, call.facility) for each in ("closes", "review"))
    return Timetable(call.opens_at, closes_at, review_until)


def new_values() -> dict[str, Any]:
    """What the form of a new call begins with."""
    return {
        "project_kind": ProjectKind.BIG_SCIENCE_PROGRAMME,
        "opens_time": "09:00", "closes_time": "17:00", "review_time": "17:00",
        **_criteria_shown(CRITERIA),
    }  # fmt: skip


def values_of(call: Call) -> dict[str, Any]:
    """What the form shows when a call is changed."""
    values: dict[str, Any] = {f"title_{tag}": text for tag, text in call.titles.items()}
    values |= {f"description_{tag}": text for tag, text in call.descriptions.items()}
    return values | {
        **times_shown(call),
        **{f"hours-{it.facility.slug}": it.minutes // MINUTES_PER_HOUR for it in call.offers},
        **{f"instruments-{it.facility.slug}": _instruments_at(call, it) for it in call.offers},
        "starts_on": call.starts_on.isoformat(),
        "ends_on": call.ends_on.isoformat(),
        "project_kind": call.project_kind,
        "agreement": call.agreement.reference if call.agreement else "",
        **_criteria_shown([CriterionDraft(it.names, it.weight) for it in call.criteria]),
    }


def _instruments_at(call: Call, offer: Offer) -> list[str]:
    return [each.slug for each in call.instruments if each.facility_id == offer.facility_id]


def times_shown(call: Call) -> dict[str, str]:
    """The times of a call as the facility's clock shows them."""
    values: dict[str, str] = {}
    for edge, name in EDGES.items():
        wall = wall_of(getattr(call, name), zone(call.time_zone))
        values |= {f"{edge}_on": wall.date().isoformat(), f"{edge}_time": f"{wall:%H:%M}"}
    return values


def filled(form: MultiDict[str, str]) -> dict[str, str]:
    """A form without its empty fields, which count as not filled in."""
    return {name: value for name, value in form.items() if value.strip()}


def _texts(data: dict[str, Any], name: str) -> dict[str, str]:
    return {language.tag: data[f"{name}_{language.tag}"] for language in LANGUAGES}


def _criteria(data: dict[str, Any]) -> list[CriterionDraft]:
    """The rows that have a name; raises InvalidInput where one of them has no weight."""
    found = []
    for row in range(ROWS):
        names, weight = _texts(data, f"criterion{row}"), data[f"weight{row}"]
        if not any(names.values()):
            continue
        if weight is None:
            raise InvalidInput(fields={f"weight{row}": _WEIGHT})
        found.append(CriterionDraft({tag: it for tag, it in names.items() if it}, weight))
    return found


def _criteria_shown(criteria: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for row, each in enumerate(criteria):
        values |= {f"criterion{row}_{tag}": text for tag, text in each.names.items()}
        values[f"weight{row}"] = each.weight
    return values


def _instant(data: dict[str, Any], edge: str, facility: Facility) -> datetime:
    local = datetime.combine(data[f"{edge}_on"], data[f"{edge}_time"].replace(tzinfo=None))
    try:
        return instant_of(local, zone(facility.time_zone))
    except (NonexistentTime, AmbiguousTime):
        sentence = gettext("The clocks change at this time there. Choose another one.")
        raise InvalidInput(fields={f"{edge}_time": sentence}) from None
