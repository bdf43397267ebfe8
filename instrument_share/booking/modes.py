"""What a booking's page shows besides, by the way in which the instrument is used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from ..catalogue.rules import AccessMode
from ..identity.models import Person
from .data_products.panel import data_panel
from .models import Booking
from .remote.panel import remote_panel
from .samples.panel import samples_panel
from .visits.panel import visit_panel


class ModePanel(Protocol):
    """What its template finds as `mode`."""

    @property
    def template(self) -> str: ...


_PANELS: dict[str, Callable[[Booking, Person, datetime], ModePanel]] = {
    AccessMode.ON_SITE: visit_panel,
    AccessMode.REMOTE: remote_panel,
    AccessMode.MAIL_IN: samples_panel,
    AccessMode.DATA: data_panel,
}


def mode_panel(booking: Booking, person: Person, at: datetime) -> ModePanel | None:
    """The panel of the booking's access mode, as the person may see it."""
    make = _PANELS.get(booking.access_mode)
    return make(booking, person, at) if make else None
