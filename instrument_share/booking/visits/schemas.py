"""Visits on the wire and from the form."""

from __future__ import annotations

import unicodedata
from typing import Any

from babel import Locale
from flask_babel import lazy_gettext
from marshmallow import ValidationError, fields, post_load, validate, validates

from ...foundation.http.schema import BaseSchema, Day, FormSchema, Instant, Text, one_sentence
from .models import Visit
from .rules import MOST_VISITORS, VisitorRole
from .values import VisitorEntry, VisitPlan

#: What CLDR names besides countries and regions.
_NO_COUNTRIES: frozenset[str] = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
#: ISO 3166-1 codes.
COUNTRIES = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code not in _NO_COUNTRIES
)
_DAY = one_sentence(lazy_gettext("Choose a day."))
_COUNTRY = lazy_gettext("Choose a country or region.")
_ROLE = lazy_gettext("Choose a professional position.")


class VisitorSchema(BaseSchema):
    """Somebody who comes; `latin_name` may be left out where `name` is written in Latin letters."""

    name = Text(required=True)
    latin_name = Text(load_default="")
    country = fields.String(
        required=True,
        validate=validate.OneOf(COUNTRIES, error=_COUNTRY),
        error_messages=one_sentence(_COUNTRY),
        metadata={"description": "nationality, ISO 3166-1 alpha-2", "example": "KZ"},
    )
    institution = Text(required=True)
    role = fields.String(
        required=True,
        validate=validate.OneOf([role.value for role in VisitorRole], error=_ROLE),
        error_messages=one_sentence(_ROLE),
    )

    @post_load
    def _entry(self, data: dict[str, Any], **_: Any) -> VisitorEntry:
        latin = data.pop("latin_name") or data["name"]
        if not _is_latin(latin):
            raise ValidationError(
                lazy_gettext("Write the name in Latin letters here, as in the passport."),
                "latin_name",
            )
        return VisitorEntry(latin_name=latin, **data)


class DaysSchema(BaseSchema):
    """Days on the instrument's calendar, both inclusive."""

    arrives_on = Day(required=True, error_messages=_DAY)
    departs_on = Day(required=True, error_messages=_DAY)


class DaysForm(FormSchema, DaysSchema):
    """The same from the page's form."""


class VisitSchema(DaysSchema):
    """Who comes on a booking on site, and when; no passport numbers, please."""

    visitors = fields.List(
        fields.Nested(VisitorSchema),
        required=True,
        validate=validate.Length(1, MOST_VISITORS),
    )
    version = fields.Integer(dump_only=True)
    letter_asked_at = Instant(dump_only=True)

    @validates("visitors")
    def _check_visitors(self, value: list[VisitorEntry], **_: Any) -> None:
        if not value:
            raise ValidationError(lazy_gettext("Enter at least one visitor."))

    @post_load
    def _plan(self, data: dict[str, Any], **_: Any) -> VisitPlan:
        return VisitPlan(data["arrives_on"], data["departs_on"], tuple(data["visitors"]))


def visit_out(visit: Visit) -> dict[str, Any]:
    dumped: dict[str, Any] = VisitSchema().dump(visit)
    return dumped


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return bool(letters) and all("LATIN" in unicodedata.name(each, "") for each in letters)
