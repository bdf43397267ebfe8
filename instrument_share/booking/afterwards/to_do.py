"""What waits for people after uses: results that are overdue, and contested entries."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext, lazy_gettext

from ...foundation.http.show import localized
from ...identity import waiting
from ...identity.models import Person
from ...identity.waiting import MOST, Pile, Thing
from ..models import Booking
from .queries import contested_before, results_owed_by


def connect() -> None:
    """Tell the inbox. Connecting again changes nothing."""
    waiting.register("contested", lazy_gettext("Contested entries"), _contested, place=60)
    waiting.register("results", lazy_gettext("Results to report"), _results, place=70)


def _contested(person: Person, at: datetime) -> Pile:
    entries = contested_before(person)
    things = [
        Thing(
            about=_named(entry.booking),
            url=url_for("afterwards.entry", entry_id=entry.id),
            detail=entry.person.display_name,
        )
        for entry in entries[:MOST]
    ]
    return Pile(things, len(entries))


def _results(person: Person, at: datetime) -> Pile:
    owed = results_owed_by(person, at)
    things = [
        Thing(
            about=_named(each.booking),
            url=url_for("afterwards.show", reference=each.booking.reference) + "#results",
            detail=gettext("Say what came of it."),
        )
        for each in owed[:MOST]
    ]
    return Pile(things, len(owed))


def _named(booking: Booking) -> str:
    return f"{localized(booking.instrument.names)} · {booking.reference}"
