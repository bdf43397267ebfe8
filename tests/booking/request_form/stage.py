"""A researcher at the form that asks for instrument time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from instrument_share.booking.models import Booking
from instrument_share.catalogue.models import Instrument
from instrument_share.identity.models import Person


@dataclass
class Desk:
    """A researcher in Almaty at the form of an instrument in Shanghai."""

    instrument: Instrument
    researcher: Person

    @property
    def address(self) -> str:
        return f"/instruments/{self.instrument.slug}/book"


def form(**changes: str) -> dict[str, str]:
    """The form as a researcher fills it in: tomorrow from 9 to 13 on the instrument's clock."""
    return {
        "submission": "one-form",
        "do": "send",
        "zone": "instrument",
        "day": "2026-03-03",
        "start": "09:00",
        "end": "13:00",
        "access_mode": "on_site",
        "purpose": "Cross-sections of thin films",
    } | changes


def bookings(session) -> list[Booking]:
    return session.query(Booking).order_by(Booking.id).all()


def error_of(page: str, field: str) -> str:
    found = re.search(rf'id="error-{field}">(.*?)</p>', page, re.DOTALL)
    assert found, f"no error at {field}"
    return re.sub(r"<[^>]+>", "", found[1])
