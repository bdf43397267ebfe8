"""How the page of use shows its rows, its filters and its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext

from ..catalogue.labels import FIELDS, MODES
from ..foundation.http import show
from ..foundation.interval import Interval
from .charge_text import Charged, charged, sums_by_currency
from .models import ChargeLine, UsageRecord

_FILTERS = (
    "instrument",
    "institution",
    "country",
    "field",
    "mode",
    "host",
    "booking",
    "from",
    "until",
)


def rows_of(records: Sequence[UsageRecord]) -> list[dict[str, Any]]:
    """Every record with its time in both zones and its charge in words."""
    return [_row(record) for record in records]


def _row(record: UsageRecord) -> dict[str, Any]:
    lines = [_charged(line) for line in record.lines]
    return {
        "booking": record.booking,
        "instrument": record.instrument,
        "institution": record.institution,
        "shown": show.period(
            Interval(record.started_at, record.ended_at), record.instrument.time_zone
        ),
        "minutes": record.minutes,
        "lines": lines,
        "sums": [show.money(minor, code) for code, minor in sums_by_currency(lines).items()],
    }


def _charged(line: ChargeLine) -> Charged:
    return charged(line, line.agreement.reference if line.agreement else None)


def chosen(asked: Mapping[str, str]) -> list[dict[str, str]]:
    """The filters in force, each with the address that takes it off."""
    kept = {name: asked[name] for name in (*_FILTERS, "month", "served") if asked.get(name)}
    return [
        {"label": _filter_in_words(name, value), "remove_url": _without(name, kept)}
        for name, value in kept.items()
        if name not in ("month", "served")
    ]


def _without(name: str, kept: Mapping[str, str]) -> str:
    rest = urlencode({k: v for k, v in kept.items() if k != name})
    return f"{url_for('accounting.usage')}?{rest}"


def _filter_in_words(name: str, value: str) -> str:
    labels = {
        "instrument": gettext("Instrument: %(value)s", value=value),
        "institution": gettext("Institution: %(value)s", value=value),
        "country": gettext("Country: %(value)s", value=show.country(value)),
        "field": gettext("Field: %(value)s", value=FIELDS.get(value, value)),
        "mode": gettext("Access mode: %(value)s", value=MODES.get(value, value)),
        "host": gettext("Host: %(value)s", value=value),
        "booking": gettext("Booking: %(value)s", value=value),
        "from": gettext("From: %(value)s", value=value[:10]),
        "until": gettext("Before: %(value)s", value=value[:10]),
    }
    return labels[name]
