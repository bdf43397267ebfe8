"""Institutions, facilities and instruments of the demonstration, as rows."""

from __future__ import annotations

from typing import Any

from ..catalogue.models import Facility, Instrument, InstrumentField, InstrumentMode, Technique
from ..catalogue.search_index import index_instruments
from ..foundation.database import db
from ..identity.models import Institution
from .content import Content

_SLOT_RULES = (
    "positions", "granularity_minutes", "shortest_minutes", "longest_minutes", "lead_minutes", "horizon_days",
    "setup_minutes", "teardown_minutes", "opening", "qualification", "safety_class",
)  # fmt: skip


def write_catalogue(content: Content) -> tuple[dict[str, Institution], dict[str, Instrument]]:
    """Insert everything that can be searched; institutions and instruments by slug."""
    institutions = {entry["key"]: _institution(entry) for entry in content.institutions}
    techniques = {entry["code"]: Technique(**entry) for entry in content.techniques}
    db.session.add_all([*institutions.values(), *techniques.values()])
    db.session.flush()
    facilities = {entry["slug"]: _facility(entry, institutions) for entry in content.facilities}
    db.session.add_all(facilities.values())
    db.session.flush()
    instruments = {
        entry["slug"]: _instrument(entry, facilities, techniques, institutions)
        for entry in content.instruments
    }
    db.session.add_all(instruments.values())
    db.session.flush()
    index_instruments()
    return institutions, instruments


def _institution(entry: dict[str, Any]) -> Institution:
    return Institution(
        slug=entry["key"], **{name: value for name, value in entry.items() if name != "key"}
    )


def _facility(entry: dict[str, Any], institutions: dict[str, Institution]) -> Facility:
    plain = ("slug", "kind", "names", "descriptions", "place", "time_zone", "website")
    return Facility(
        **{name: entry[name] for name in plain},
        host=institutions[entry["host"]],
        co_builders=[institutions[key] for key in entry["co_builders"] if key in institutions],
    )


def _instrument(
    entry: dict[str, Any],
    facilities: dict[str, Facility],
    techniques: dict[str, Technique],
    institutions: dict[str, Institution],
) -> Instrument:
    plain = ("slug", "names", "summary", "specification", "sample_requirements", "manufacturer", "model",
             "symbol", "source")  # fmt: skip
    return Instrument(
        **{name: entry[name] for name in plain},
        **{name: entry["demo_rules"][name] for name in _SLOT_RULES},
        facility=facilities[entry["facility"]],
        commissioned_year=_year(entry["commissioned"]),
        open_to=_open_to(entry["open_to"], institutions),
        techniques=[techniques[code] for code in entry["techniques"]],
        fields=[InstrumentField(field=field) for field in entry["fields"]],
        modes=[InstrumentMode(mode=mode) for mode in entry["access_modes"]],
    )


def _open_to(entry: dict[str, Any], institutions: dict[str, Institution]) -> dict[str, Any]:
    if "institutions" not in entry:
        return entry
    return entry | {"institutions": [institutions[key].id for key in entry["institutions"]]}


def _year(commissioned: Any) -> int | None:
    return int(str(commissioned)[:4]) if commissioned else None
