"""What notification writes when something happens on the floors below: messages, in the same
transaction.
"""

from __future__ import annotations

from datetime import datetime

from ..booking.models import Booking
from ..booking.rules import Action, State
from ..foundation.interval import Interval
from ..foundation.signals import (
    booking_changed,
    booking_near,
    decision_near,
    mail_address_claimed,
)
from ..identity.models import Person
from .facts import facts_of
from .queries import people_of
from .rules import Audience, Kind, told
from .services import tell


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    booking_changed.connect(_booking_changed)
    booking_near.connect(_booking_near)
    decision_near.connect(_decision_near)
    mail_address_claimed.connect(_mail_address_claimed)


def _booking_changed(
    booking: Booking,
    *,
    action: Action,
    was: State | None,
    by: Person | None,
    at: datetime,
    comment: str = "",
    moved_from: Interval | None = None,
    **_: object,
) -> None:
    """One message per person: who is concerned in two ways is told the first."""
    kinds: dict[int, Kind] = {}
    for audience, kind in told(action, State(was or booking.state), State(booking.state)):
        for person_id in people_of(audience, booking, at.date()):
            if person_id == booking.applicant_id or by is None or person_id != by.id:
                kinds.setdefault(person_id, kind)
    if kinds:
        facts = facts_of(booking, by, comment, moved_from)
        tell(kinds, facts, booking_id=booking.id, at=at)


def _booking_near(booking: Booking, *, at: datetime) -> None:
    _remind(Audience.APPLICANT, Kind.REMINDER, booking, at)


def _decision_near(booking: Booking, *, at: datetime) -> None:
    _remind(Audience.DECIDERS, Kind.DECISION_REMINDER, booking, at)


def _remind(audience: Audience, kind: Kind, booking: Booking, at: datetime) -> None:
    kinds = dict.fromkeys(people_of(audience, booking, at.date()), kind)
    if kinds:
        tell(kinds, facts_of(booking, None, ""), booking_id=booking.id, at=at)


def _mail_address_claimed(person: Person, *, secret: str, at: datetime) -> None:
    tell({person.id: Kind.VERIFY_MAIL}, {"secret": secret}, booking_id=None, at=at)
