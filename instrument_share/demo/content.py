"""The demonstration's content as it lies in `content/*.yaml`, checked before anything is written.

What is told of institutions, facilities and instruments are public facts; `demo_rules` and `open_to` are settings
of the demonstration.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields, validate

from ..access.eligibility.rules import OpenKind
from ..booking.availability.opening import DAYS, parse_hours
from ..catalogue.rules import AccessMode, FacilityKind, ResearchField, SafetyClass
from ..foundation.clock import is_zone
from ..foundation.identifiers import normalize_ror
from ..identity.applications.known import KNOWN

_FOLDER = Path(__file__).parent / "content"
_LANGUAGES = ("en", "zh-Hans", "ar")


class ContentError(Exception):
    """The content contradicts itself; the text names the file and the entry."""


#: Safe either way; libyaml's, where PyYAML was built with it, is ten times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Content:
    """Entries as they were checked, in the order of the files."""

    institutions: list[dict[str, Any]]
    techniques: list[dict[str, Any]]
    facilities: list[dict[str, Any]]
    instruments: list[dict[str, Any]]


def read_content() -> Content:
    """Everything the demonstration tells. Raises ContentError."""
    return Content(
        institutions=list(_checked(KNOWN, InstitutionEntry())),
        techniques=list(_entries("techniques", TechniqueEntry())),
        facilities=list(_entries("facilities", FacilityEntry())),
        instruments=list(_entries("instruments", InstrumentEntry())),
    )


def _entries(kind: str, schema: Schema) -> Iterator[dict[str, Any]]:
    for file in sorted(_FOLDER.glob(f"{kind}*.yaml")):
        yield from _checked(file, schema)


def _checked(file: Path, schema: Schema) -> Iterator[dict[str, Any]]:
    for entry in yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader):  # noqa: S506
        try:
            yield schema.load(entry)
        except ValidationError as error:
            name = entry.get("slug") or entry.get("key") or entry.get("code")
            raise ContentError(f"{file.name}, {name}: {error.normalized_messages()}") from None


def _in_every_language(texts: dict[str, str]) -> None:
    missing = [tag for tag in _LANGUAGES if not texts.get(tag, "").strip()]
    if missing:
        raise ValidationError(f"no text in {', '.join(missing)}")


def _is_zone(name: str) -> None:
    if not is_zone(name):
        raise ValidationError("no such time zone")


def _is_ror(text: str) -> None:
    if normalize_ror(text) != text:
        raise ValidationError("the check digits do not fit")


def _are_hours(weekly: dict[str, list[str]]) -> None:
    for ranges in weekly.values():
        for text in ranges:
            try:
                parse_hours(text)
            except ValueError as error:
                raise ValidationError(str(error)) from None


def _texts(**more: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        validate=_in_every_language,
        **more,
    )


class InstitutionEntry(Schema):
    key = fields.String(required=True)
    ror = fields.String(required=True, validate=_is_ror)
    kind = fields.String(required=True, validate=validate.OneOf(("host", "partner", "both")))
    country = fields.String(required=True, validate=validate.Regexp(r"^[A-Z]{2}$"))
    time_zone = fields.String(required=True, validate=_is_zone)
    mail_domains = fields.List(fields.String(), required=True)
    website = fields.String(required=True)
    names = _texts(required=True)


class TechniqueEntry(Schema):
    code = fields.String(required=True)
    names = _texts(required=True)


class FacilityEntry(Schema):
    slug = fields.String(required=True)
    host = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(FacilityKind)))
    names = _texts(required=True)
    descriptions = _texts(required=True)
    place = _texts(required=True)
    time_zone = fields.String(required=True, validate=_is_zone)
    website = fields.String(required=True)
    co_builders = fields.List(fields.String(), required=True)
    source = fields.String(required=True)


class OpenToEntry(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(list(OpenKind)))
    countries = fields.List(fields.String())
    institutions = fields.List(fields.String())


class SlotEntry(Schema):
    """How the demonstration lets an instrument be booked; minutes, and yuan for an hour."""

    positions = fields.Integer(required=True)
    granularity_minutes = fields.Integer(required=True)
    shortest_minutes = fields.Integer(required=True)
    longest_minutes = fields.Integer(required=True)
    lead_minutes = fields.Integer(required=True)
    horizon_days = fields.Integer(required=True)
    setup_minutes = fields.Integer(required=True)
    teardown_minutes = fields.Integer(required=True)
    opening = fields.Dict(
        keys=fields.String(validate=validate.OneOf(DAYS)),
        values=fields.List(fields.String()),
        required=True,
        validate=_are_hours,
    )
    qualification = fields.String(required=True)
    safety_class = fields.String(required=True, validate=validate.OneOf([*SafetyClass]))
    rate_per_hour = fields.Integer(required=True)


class InstrumentEntry(Schema):
    class Meta:
        include = {
            "fields": fields.List(
                fields.String(validate=validate.OneOf(list(ResearchField))), required=True
            )
        }

    slug = fields.String(required=True)
    facility = fields.String(required=True)
    names = _texts(required=True)
    summary = _texts(required=True)
    specification = fields.Dict(load_default=dict)
    sample_requirements = _texts(required=True)
    manufacturer = fields.String(load_default="")
    model = fields.String(load_default="")
    commissioned = fields.Raw(load_default=None)
    symbol = fields.String(required=True)
    techniques = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    access_modes = fields.List(
        fields.String(validate=validate.OneOf(list(AccessMode))), required=True
    )
    open_to = fields.Nested(OpenToEntry, required=True)
    source = fields.String(required=True)
    demo_rules = fields.Nested(SlotEntry, required=True)
