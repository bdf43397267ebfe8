"""The sentence with which a paper thanks for instrument time, in each language that we speak."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from ...foundation.http.show import listed, localized
from ...foundation.languages import LANGUAGES, Language
from ...foundation.reader import writing_for
from ..models import Booking


@dataclass(frozen=True, slots=True)
class Thanks:
    language: Language
    text: str


def acknowledgements_of(booking: Booking) -> list[Thanks]:
    """One for each language; instrument, facility, host, agreement and grants as the booking has them."""
    found = []
    for language in LANGUAGES:
        with writing_for(language.tag, "UTC"):
            between = "" if language.tag.startswith("zh") else " "
            found.append(Thanks(language, between.join(_sentences(booking))))
    return found


def _sentences(booking: Booking) -> list[str]:
    instrument, facility = booking.instrument, booking.instrument.facility
    name = localized(instrument.names) + (f" ({instrument.pid})" if instrument.pid else "")
    said = [
        gettext(
            "This work used the instrument %(instrument)s of %(facility)s, %(host)s (booking %(reference)s).",
            instrument=name,
            facility=localized(facility.names),
            host=localized(facility.host.names),
            reference=booking.reference,
        )
    ]
    if booking.agreement:
        said.append(
            gettext(
                "Access was given under the agreement %(agreement)s.",
                agreement=booking.agreement.reference,
            )
        )
    if booking.project and booking.project.grant_numbers:
        grants = listed(booking.project.grant_numbers)
        said.append(gettext("The work was supported by %(grants)s.", grants=grants))
    return said
