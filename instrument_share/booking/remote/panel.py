"""The connection as the booking's page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString, lazy_gettext

from ...identity.models import Person
from ..models import Booking
from .models import Connection, ConnectionCheck
from .queries import checks_of, connection_of, may_run, operators_for
from .rules import CONNECTING, DOERS, Check, Doer, is_shown, opens_at

CHECKS: dict[str, LazyString] = {
    Check.NETWORK: lazy_gettext("The connection was tried out from the applicant's network"),
    Check.PROGRAM: lazy_gettext("The programs that are needed are installed"),
    Check.SAMPLES: lazy_gettext("Samples are there, or it is agreed who prepares them"),
    Check.CONTACT: lazy_gettext("It is agreed how to talk to each other meanwhile"),
}
#: The same in a list of what is left.
CHECKS_IN_SHORT: dict[str, LazyString] = {
    Check.NETWORK: lazy_gettext("trying out the connection"),
    Check.PROGRAM: lazy_gettext("installing the programs"),
    Check.SAMPLES: lazy_gettext("samples"),
    Check.CONTACT: lazy_gettext("how to talk to each other"),
}
_DOERS: dict[Doer, LazyString] = {
    Doer.APPLICANT: lazy_gettext("for the applicant"),
    Doer.ON_DUTY: lazy_gettext("for whoever is on duty"),
}
_BOTH = lazy_gettext("for both sides")


@dataclass(frozen=True, slots=True)
class RemotePanel:
    """`shown`: the connection, where the reader may see how to connect; `opens_at`: from when the applicant does."""

    connection: Connection | None
    shown: Connection | None
    opens_at: datetime | None
    done: Mapping[str, ConnectionCheck]
    runs: bool
    may_tick: bool
    operators: list[tuple[int, str]]
    template: str = "booking/remote/panel.html"
    checks = CHECKS

    def doer(self, check: str) -> str:
        """Whose a check is."""
        doers = DOERS[Check(check)]
        return str(_BOTH if len(doers) > 1 else _DOERS[next(iter(doers))])


def remote_panel(booking: Booking, person: Person, at: datetime) -> RemotePanel:
    connection = connection_of(booking)
    runs, own = may_run(person, booking), booking.applicant_id == person.id
    connecting = booking.state in CONNECTING
    visible = connection is not None and (
        runs or (own and is_shown(booking.state, *_window(booking), connection.opens_minutes, at))
    )
    return RemotePanel(
        connection,
        connection if visible else None,
        opens_at(booking.starts_at, connection.opens_minutes) if connection else None,
        checks_of(booking),
        runs=runs and connecting,
        may_tick=connecting and (runs or own),
        operators=sorted(operators_for(booking, at.date()).items(), key=lambda it: it[1])
        if runs and connecting
        else [],
    )


def _window(booking: Booking) -> tuple[datetime, datetime]:
    return booking.starts_at, booking.ends_at
