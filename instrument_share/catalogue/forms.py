"""The forms by which managers change an instrument: what they show at first, and what is read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import ValidationError, fields, validate

from ..foundation.holidays import is_territory
from ..foundation.http.conditional import version_sent
from ..foundation.http.schema import BaseSchema, Text, load, one_sentence
from ..foundation.languages import LANGUAGES
from ..foundation.localized import LocalizedText
from .models import Instrument
from .opening import DAYS, UnreadableHours, spans_of
from .positions import lines_of, names_from
from .rules import LONGEST_BOOKING, InstrumentStatus
from .territories import territory_named, territory_shown
from .values import Hours, InstrumentTexts, SlotRules

#: Field of a form -> column, longest text.
_TEXTS = {
    "name": ("names", 200),
    "summary": ("summary", 1000),
    "specification": ("specification", 5000),
    "samples": ("sample_requirements", 5000),
}
_LONGEST_MINUTES = int(LONGEST_BOOKING.total_seconds()) // 60
_LIMITS = {
    "granularity_minutes": (1, 1440),
    "shortest_minutes": (1, _LONGEST_MINUTES),
    "longest_minutes": (1, _LONGEST_MINUTES),
    "setup_minutes": (0, 1440),
    "teardown_minutes": (0, 1440),
    "lead_minutes": (0, 60 * 24 * 90),
    "horizon_days": (1, 730),
    "cancellation_minutes": (0, 60 * 24 * 90),
    "positions": (1, 50),
}


def languages_of(instrument: Instrument) -> list[str]:
    """The languages in which an instrument is told: those of the site and any other already used."""
    shipped = [language.tag for language in LANGUAGES]
    return shipped + sorted(set(instrument.names) - set(shipped))


def values_of(instrument: Instrument) -> dict[str, Any]:
    """What the forms show before anything is typed."""
    texts = {
        f"{field}-{tag}": (getattr(instrument, column) or {}).get(tag, "")
        for field, (column, _) in _TEXTS.items()
        for tag in languages_of(instrument)
    }
    rules = {field.name: getattr(instrument, field.name) for field in dataclass_fields(SlotRules)}
    rules["grace_minutes"] = "" if instrument.grace_minutes is None else instrument.grace_minutes
    opening = {day: ", ".join(instrument.opening.get(day, ())) for day in DAYS}
    places = {f"positions-{tag}": lines_of(instrument, tag) for tag in languages_of(instrument)}
    holidays = {
        "holiday_territory": territory_shown(instrument.holiday_territory or ""),
        "holiday_opening": ", ".join(instrument.holiday_opening or ()),
    }
    return {**texts, **rules, **opening, **holidays, **places, "status": instrument.status}


def texts_from(form: Mapping[str, str], instrument: Instrument) -> tuple[InstrumentTexts, int]:
    """Texts and the version they were written for. Raises InvalidInput."""
    tags = languages_of(instrument)
    asked: dict[str, Any] = {
        f"{field}-{tag}": Text(most=most, lines=field != "name", load_default="")
        for field, (_, most) in _TEXTS.items()
        for tag in tags
    }
    data = _loaded(asked, form)
    texts = {
        column: {tag: data[f"{field}-{tag}"] for tag in tags if data[f"{field}-{tag}"]}
        for field, (column, _) in _TEXTS.items()
    }
    return InstrumentTexts(**texts), data["version"]


def slot_rules_from(form: Mapping[str, str]) -> tuple[SlotRules, int]:
    """Slot rules and the version they were written for. Raises InvalidInput."""
    asked: dict[str, Any] = {name: _whole(*limits) for name, limits in _LIMITS.items()}
    data = _loaded({**asked, "grace_minutes": _Grace(load_default=None)}, form)
    version = data.pop("version")
    return SlotRules(**data), version


def position_names_from(
    form: Mapping[str, str], instrument: Instrument
) -> tuple[list[LocalizedText], int]:
    """Names of positions by place and the version they were written for. Raises InvalidInput."""
    tags = languages_of(instrument)
    asked: dict[str, Any] = {
        f"positions-{tag}": Text(most=10_000, lines=True, load_default="") for tag in tags
    }
    data = _loaded(asked, form)
    lines = {tag: data[f"positions-{tag}"] for tag in tags}
    return names_from(lines, instrument.positions), data["version"]


def opening_from(form: Mapping[str, str]) -> tuple[Hours, int]:
    """Weekly hours, those on holidays, and the version they were written for. Raises InvalidInput."""
    days: dict[str, Any] = {day: _Hours(load_default=list) for day in (*DAYS, "holiday_opening")}
    data = _loaded({**days, "holiday_territory": _Territory(load_default=None)}, form)
    weekly = {day: data[day] for day in DAYS}
    return Hours(weekly, data["holiday_territory"], data["holiday_opening"]), data["version"]


def status_from(form: Mapping[str, str]) -> tuple[InstrumentStatus, int]:
    """A status and the version for which it was chosen. Raises InvalidInput."""
    data = _loaded({"status": fields.Enum(InstrumentStatus, by_value=True, required=True)}, form)
    return data["status"], data["version"]


class _Grace(fields.Integer):
    """Minutes of patience, or nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if not str(value).strip():
            return None
        return _whole(0, 1440).deserialize(value, attr, data)


class _Hours(fields.String):
    """The spans of a day."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        try:
            return spans_of(super()._deserialize(value, attr, data, **more))
        except UnreadableHours:
            sentence = lazy_gettext("Write hours as in 08:30-12:00, 13:30-18:00, or nothing.")
            raise ValidationError(sentence) from None


class _Territory(fields.String):
    """A territory whose public holidays are known, or nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        typed = super()._deserialize(value, attr, data, **more).strip()
        code = territory_named(typed)
        if code and not is_territory(code):
            sentence = lazy_gettext(
                "Choose a country from the list, or write a part of one as in DE-BY."
            )
            raise ValidationError(sentence)
        return code or None


def _loaded(asked: dict[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
    """What a form of these fields and the instrument's version says."""
    seen = version_sent()
    typed = {name: value for name, value in form.items() if name not in ("csrf_token", "version")}
    loaded: dict[str, Any] = load(BaseSchema.from_dict(asked)(), typed)
    return loaded | {"version": seen}


def _whole(least: int, most: int) -> fields.Integer:
    sentence = lazy_gettext(
        "Write a whole number from %(least)s to %(most)s.", least=least, most=most
    )
    return fields.Integer(
        required=True,
        validate=validate.Range(least, most, error=sentence),
        error_messages=one_sentence(sentence),
    )
