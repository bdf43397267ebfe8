"""The waiting list on an instrument's page: stand in line for a window, or be told when time comes free."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ...catalogue.models import Instrument
from ...catalogue.queries import may_manage
from ...catalogue.rules import BOOKABLE
from ...identity.models import Person
from .queries import standing_and_watch


def waiting_shown(
    instrument: Instrument, person: Person | None, at: datetime
) -> Mapping[str, Any] | None:
    """What the panel shows whoever reads the page; nothing where the instrument cannot be booked."""
    if instrument.status not in BOOKABLE:
        return None
    waiting, watched_days = standing_and_watch(instrument.id, person)
    return {
        "waiting": waiting,
        "signed_in": person is not None,
        "watched_days": watched_days,
        "may_manage": person is not None and may_manage(person, instrument),
    }
