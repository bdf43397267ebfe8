"""Instruments, facilities and facets made ready for pages, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from ..foundation.http import show
from . import queries
from .facets import FacetCount
from .labels import FACILITY_KINDS, FIELDS, MODES, SAFETY_CLASSES
from .models import Facility, Instrument
from .positions import positions_of
from .rules import SafetyClass


def facets(counts: Mapping[str, list[FacetCount]]) -> dict[str, list[dict[str, Any]]]:
    """Every value of every facet with its word and how many instruments it would show."""
    words = _words(counts)
    return {
        name: [
            {"value": row.value, "label": words[name].get(row.value, row.value), "count": row.count}
            for row in rows
        ]
        for name, rows in counts.items()
    }


def card(instrument: Instrument, first_free: datetime | None, minutes: int = 60) -> dict[str, Any]:
    """What the macro `instrument_card` shows; a booking of `minutes` is asked for at the first free time."""
    free = show.both_times(first_free, instrument.time_zone) if first_free else None
    return {
        "url": url_for("catalogue.instrument", slug=instrument.slug),
        "name": show.localized(instrument.names),
        "symbol": instrument.symbol,
        "facility": show.localized(instrument.facility.names),
        "host": show.localized(instrument.facility.host.names),
        "country": show.country(instrument.facility.host.country),
        "summary": show.localized(instrument.summary),
        "techniques": [show.localized(it.names) for it in instrument.techniques],
        "access_modes": instrument.access_modes,
        "status": instrument.status,
        "first_free": free.instrument_time if free else "",
        "first_free_iso": free.iso_start if free else "",
        "first_free_zone": free.instrument_zone if free else "",
        "first_free_reader": free.reader_time if free and not free.same else "",
        "first_free_url": _ask_url(instrument, first_free, minutes) if first_free else "",
    }


def _ask_url(instrument: Instrument, start: datetime, minutes: int) -> str:
    """The form, filled in for a booking from then on: of that length, as far as the instrument's rules allow."""
    step = instrument.granularity_minutes
    wished = max(-(-minutes // step) * step, instrument.shortest_minutes)
    return url_for(
        "booking.book",
        slug=instrument.slug,
        start=start.isoformat().replace("+00:00", "Z"),
        minutes=min(wished, instrument.longest_minutes),
    )


def card_within(instrument: Instrument) -> dict[str, Any]:
    """The same on the page of its facility, which has told already where it is."""
    return card(instrument, None) | {"facility": "", "host": "", "country": ""}


def facts(described: queries.Described) -> list[dict[str, Any]]:
    """What the macro `facts` shows of an instrument; what is not known is left out."""
    rows = [*_make(described), *_use(described.instrument)]
    return [{"label": label, "value": value} for label, value in rows if value]


def _make(described: queries.Described) -> list[tuple[str, Any]]:
    instrument = described.instrument
    techniques = [show.localized(names) for names in described.techniques]
    research = [str(FIELDS[code]) for code in described.fields]
    return [
        (gettext("Manufacturer"), instrument.manufacturer),
        (gettext("Model"), instrument.model),
        (gettext("In use since"), instrument.commissioned_year),
        (gettext("Techniques"), show.listed(techniques)),
        (gettext("Measures"), show.listed(instrument.variables)),
        (gettext("Research fields"), show.listed(research)),
        (gettext("Class"), show.localized(instrument.class_label)),
        (gettext("Persistent identifier"), instrument.pid),
    ]


def _use(instrument: Instrument) -> list[tuple[str, Any]]:
    lengths = gettext(
        "%(shortest)s to %(longest)s, in steps of %(step)s",
        shortest=show.minutes(instrument.shortest_minutes),
        longest=show.minutes(instrument.longest_minutes),
        step=show.minutes(instrument.granularity_minutes),
    )
    margins = instrument.setup_minutes + instrument.teardown_minutes
    return [
        (gettext("Length of a booking"), lengths),
        (gettext("Setup and teardown"), show.minutes(margins) if margins else None),
        (gettext("Ask at the latest"), _before(instrument.lead_minutes)),
        (gettext("Cancel free of charge"), _before(instrument.cancellation_minutes)),
        (gettext("Safety class"), _safety(instrument.safety_class)),
        (gettext("Positions"), _positions(instrument)),
    ]


def _positions(instrument: Instrument) -> str | None:
    """The names of the positions, or how many there are where none has one."""
    if instrument.positions == 1:
        return None
    if not any(instrument.position_names):
        return show.number(instrument.positions)
    return show.listed([name for _, name in positions_of(instrument)])


def facility_kind(facility: Facility) -> str:
    """The word for what kind of place it is."""
    return str(FACILITY_KINDS[facility.kind])


def co_builders(facility: Facility) -> str:
    """The institutions that share ownership of a facility, in one line."""
    return show.listed([show.localized(it.names) for it in facility.co_builders])


def _before(minutes: int) -> str | None:
    return gettext("%(time)s before", time=show.minutes(minutes)) if minutes else None


def _safety(code: str) -> str | None:
    return str(SAFETY_CLASSES.get(code, code)) if code != SafetyClass.NONE else None


def _words(counts: Mapping[str, list[FacetCount]]) -> dict[str, dict[str, str]]:
    values = {name: [row.value for row in rows] for name, rows in counts.items()}
    techniques = queries.technique_names(values["technique"])
    hosts = queries.institution_names(values["host"])
    return {
        "field": {code: str(word) for code, word in FIELDS.items()},
        "mode": {code: str(word) for code, word in MODES.items()},
        "technique": {code: show.localized(names) for code, names in techniques.items()},
        "host": {slug: show.localized(names) for slug, names in hosts.items()},
        "country": {code: show.country(code) for code in values["country"]},
        "open_to_me": {"true": gettext("Open to me")},
    }
