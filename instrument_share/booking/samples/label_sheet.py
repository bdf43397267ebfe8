"""Labels to stick on samples: name, count, hazard, and the QR code that opens the sample's page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import current_app

from ...catalogue.models import Facility
from ...foundation.documents import typeset
from ...foundation.documents.letters_in_fonts import printable
from ...foundation.documents.qr import qr_svg
from ...foundation.languages import DEFAULT
from ...foundation.localized import in_language
from ..models import Booking
from .models import SampleTrack

_TEMPLATE = Path(__file__).with_name("labels.typ")


def label_sheet(booking: Booking, tracks: Iterable[SampleTrack]) -> bytes:
    """The labels of a booking as PDF: A4, two columns."""
    facility = booking.instrument.facility
    content = {
        "title": booking.reference,
        "labels": [_label(booking, facility, track) for track in tracks],
    }
    return typeset.written(_TEMPLATE, content, DEFAULT)


def _label(booking: Booking, facility: Facility, track: SampleTrack) -> dict[str, Any]:
    sample = track.sample
    address = f"{current_app.config['SETTINGS'].base_url}/samples/{track.code}"
    return {
        "name": printable(sample.name),
        "facts": f"{booking.reference} · × {sample.count}",
        "kind": printable(" · ".join(filter(None, (track.kind, track.preservation)))),
        "hazard": printable(sample.hazard),
        "to": [in_language(facility.names, "en"), in_language(facility.host.names, "en")],
        "code": track.code,
        "qr": qr_svg(address),
    }
