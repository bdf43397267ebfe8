"""The form of a visit: days, and a numbered row of fields for each visitor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from ...foundation.errors import InvalidInput
from ...foundation.http.schema import load
from ..models import Booking
from .models import Visit
from .rules import MOST_VISITORS
from .schemas import DaysForm, VisitorSchema
from .values import VisitorEntry, VisitPlan

#: The fields of a row; the first three are typed, so that a row in which they are empty is none.
FIELDS = ("name", "latin_name", "institution", "country", "role")
_TYPED = FIELDS[:3]
#: Rows that are shown empty, and how many the button adds.
_SPARE, _MORE = 1, 3


def form_of(visit: Visit | None, booking: Booking) -> dict[str, str]:
    """What the form shows first: the visit, or the applicant alone on the days of the booking."""
    if visit is None:
        return _begun(booking)
    form = {"arrives_on": visit.arrives_on.isoformat(), "departs_on": visit.departs_on.isoformat()}
    for row, visitor in enumerate(visit.visitors, 1):
        form |= {f"{name}_{row}": getattr(visitor, name) for name in FIELDS}
    return form | {"rows": str(min(len(visit.visitors) + _SPARE, MOST_VISITORS))}


def with_more_rows(form: Mapping[str, str]) -> dict[str, str]:
    return {**form, "rows": str(min(rows_of(form) + _MORE, MOST_VISITORS))}


def rows_of(form: Mapping[str, str]) -> int:
    """How many rows the form has."""
    given = form.get("rows", "")
    return min(max(int(given) if given.isdecimal() and len(given) < 4 else 2, 1), MOST_VISITORS)


def plan_from(form: Mapping[str, str]) -> VisitPlan:
    """The visit that was typed. Raises InvalidInput with the numbered fields."""
    wrong: dict[str, Any] = {}
    days: dict[str, Any] = {}
    try:
        days = load(DaysForm(), form)
    except InvalidInput as refusal:
        wrong |= refusal.fields
    visitors: list[VisitorEntry] = []
    for row in range(1, rows_of(form) + 1):
        try:
            visitors += _visitor_in(form, row)
        except InvalidInput as refusal:
            wrong |= {f"{name}_{row}": told for name, told in refusal.fields.items()}
    if not visitors and not wrong:
        wrong["name_1"] = gettext("Enter at least one visitor.")
    if wrong:
        raise InvalidInput(fields=wrong)
    return VisitPlan(days["arrives_on"], days["departs_on"], tuple(visitors))


def _visitor_in(form: Mapping[str, str], row: int) -> list[VisitorEntry]:
    given = {name: form.get(f"{name}_{row}", "") for name in FIELDS}
    if not any(given[name].strip() for name in _TYPED):
        return []
    return [load(VisitorSchema(), given)]


def _begun(booking: Booking) -> dict[str, str]:
    applicant, home = booking.applicant, booking.institution
    return {
        "arrives_on": (booking.wall_starts_at or booking.starts_at).date().isoformat(),
        "departs_on": (booking.wall_ends_at or booking.ends_at).date().isoformat(),
        "name_1": applicant.display_name,
        "latin_name_1": applicant.latin_name or "",
        "institution_1": (home.names.get("en") or next(iter(home.names.values()))) if home else "",
        "country_1": home.country if home else "",
        "role_1": "researcher",
        "rows": str(1 + _SPARE),
    }
