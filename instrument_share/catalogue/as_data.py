"""Instruments as the JSON API gives them, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask import url_for

from ..foundation.http import show
from .models import Facility, Instrument
from .positions import positions_of
from .search import Found

_SLOT_RULES = (
    "granularity_minutes",
    "shortest_minutes",
    "longest_minutes",
    "setup_minutes",
    "teardown_minutes",
    "lead_minutes",
    "horizon_days",
    "cancellation_minutes",
)
_PLAIN = (
    "pid",
    "manufacturer",
    "model",
    "commissioned_year",
    "variables",
    "qualification",
    "safety_class",
    "opening",
    "holiday_territory",
    "holiday_opening",
    "source",
)


def brief(instrument: Instrument) -> dict[str, Any]:
    """What a list tells of an instrument."""
    return {
        "slug": instrument.slug,
        "name": show.localized(instrument.names),
        "names": dict(instrument.names),
        "summary": show.localized(instrument.summary),
        "facility": _facility(instrument.facility),
        "fields_": [row.field for row in instrument.fields],
        "techniques": [technique.code for technique in instrument.techniques],
        "technique_names": {it.code: show.localized(it.names) for it in instrument.techniques},
        "access_modes": instrument.access_modes,
        "time_zone": instrument.time_zone,
        "status": instrument.status,
        "positions": instrument.positions,
        "url": url_for("catalogue.instrument", slug=instrument.slug, _external=True),
    }


def detail(instrument: Instrument) -> dict[str, Any]:
    """Everything that is told of an instrument."""
    return {
        **brief(instrument),
        **{name: getattr(instrument, name) for name in _PLAIN},
        "specification": show.localized(instrument.specification),
        "sample_requirements": show.localized(instrument.sample_requirements),
        "slot_rules": {name: getattr(instrument, name) for name in _SLOT_RULES},
        "position_names": [
            {"position": place, "name": name} for place, name in positions_of(instrument)
        ],
    }


def hits(found: Found) -> list[dict[str, Any]]:
    """The page's instruments, each with when it is first free where that was asked."""
    first_free = found.first_free
    return [
        brief(it) | ({"first_free": first_free[it.id]} if it.id in first_free else {})
        for it in found.page.items
    ]


def _facility(facility: Facility) -> dict[str, Any]:
    host = facility.host
    return {
        "slug": facility.slug,
        "name": show.localized(facility.names),
        "host": {
            "slug": host.slug,
            "name": show.localized(host.names),
            "country": host.country,
        },
    }
