"""What notification writes when something happens on the floors below: messages, in the same
transaction.
"""

from __future__ import annotations

from datetime import datetime

from ..booking.models import Booking
from ..booking.rules import Action, State
from ..booking.waiting.models import Watch
from ..foundation.interval import Interval
from ..foundation.signals import booking_changed, freed_time_found, mail_address_claimed
from ..identity.models import Person
from .facts import facts_of, freed_time_facts
from .queries import people_of
from .rules import Kind, told
from .services import tell


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    booking_changed.connect(_booking_changed)
    mail_address_claimed.connect(_mail_address_claimed)
    freed_time_found.connect(_freed_time_found)


def _booking_changed(
    booking: Booking,
    *,
    action: Action,
    was: State | None,
    by: Person | None,
    at: datetime,
    comment: str = "",
    **_: object,
) -> None:
    """One message per person: who is concerned in two ways is told the first."""
    kinds: dict[int, Kind] = {}
    for audience, kind in told(action, State(was or booking.state), State(booking.state)):
        for person_id in people_of(audience, booking, at.date()):
            if person_id == booking.applicant_id or by is None or person_id != by.id:
                kinds.setdefault(person_id, kind)
    if kinds:
        tell(kinds, facts_of(booking, by, comment), booking_id=booking.id, at=at)


def _mail_address_claimed(person: Person, *, secret: str, at: datetime) -> None:
    tell({person.id: Kind.VERIFY_MAIL}, {"secret": secret}, booking_id=None, at=at)


def _freed_time_found(watch: Watch, *, found: list[Interval], at: datetime) -> None:
    facts = freed_time_facts(watch.instrument, found)
    tell({watch.person_id: Kind.FREED_TIME}, facts, booking_id=None, at=at)
