"""What notification writes when something happens on the floors below: messages, in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..booking.availability.alternatives import Alternative
from ..booking.models import Booking
from ..booking.rules import Action, State
from ..catalogue.models import OpeningException, OutsideCalendar
from ..foundation.signals import (
    booking_changed,
    booking_hit,
    booking_spared,
    calendar_failing,
    mail_address_claimed,
)
from ..identity.models import Person
from .facts import calendar_facts_of, facts_of, hit_facts_of
from .queries import managers_of, people_of
from .rules import Kind, told
from .services import tell


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    booking_changed.connect(_booking_changed)
    mail_address_claimed.connect(_mail_address_claimed)
    booking_hit.connect(_booking_hit)
    booking_spared.connect(_booking_spared)
    calendar_failing.connect(_calendar_failing)


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


def _booking_hit(
    booking: Booking,
    *,
    exception: OpeningException,
    alternatives: Sequence[Alternative],
    by: Person,
    at: datetime,
) -> None:
    facts = hit_facts_of(booking, exception, alternatives, by)
    tell({booking.applicant_id: Kind.HIT}, facts, booking_id=booking.id, at=at)


def _booking_spared(booking: Booking, *, by: Person, at: datetime) -> None:
    facts = facts_of(booking, by, "")
    tell({booking.applicant_id: Kind.SPARED}, facts, booking_id=booking.id, at=at)


def _calendar_failing(calendar: OutsideCalendar, *, at: datetime) -> None:
    people = managers_of(calendar.instrument, at.date())
    if people:
        kinds = dict.fromkeys(people, Kind.CALENDAR_FAILING)
        tell(kinds, calendar_facts_of(calendar), booking_id=None, at=at)


def _mail_address_claimed(person: Person, *, secret: str, at: datetime) -> None:
    tell({person.id: Kind.VERIFY_MAIL}, {"secret": secret}, booking_id=None, at=at)
