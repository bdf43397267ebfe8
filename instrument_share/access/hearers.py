"""What access tells the catalogue: whom instruments are open to, and what a reader still needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..catalogue import openness, panels
from ..catalogue.models import Instrument
from ..identity.models import Person
from ..identity.vouching import to_do as vouching_to_do
from . import own_data
from .calls import to_do as calls_to_do
from .eligibility import eligibilities_of, eligibility_of
from .open_instruments import open_instruments
from .screening import to_do as screening_to_do
from .shares.shown import facility_panel


def connect() -> None:
    """Answer the search's question "open to me?" and show eligibility on instrument pages."""
    calls_to_do.connect()
    screening_to_do.connect()
    vouching_to_do.connect()
    openness.register(open_instruments, _verdicts)
    own_data.connect()
    panels.register_for_facilities("shares", facility_panel, template="access/panels/shares.html")
    panels.register("eligibility", _panel, template="access/panels/eligibility.html", place=10)


def _panel(instrument: Instrument, person: Person | None, at: datetime) -> Mapping[str, Any]:
    return {"eligibility": eligibility_of(person, instrument, None, at=at, with_hours=True)}


def _verdicts(person: Person, instruments: Sequence[Instrument], at: datetime) -> dict[int, bool]:
    found = eligibilities_of(person, instruments, None, at=at)
    return {key: each.eligible for key, each in found.items()}
