"""Who is told of instruments: that one has a fault, an outside calendar fails, or time became free."""

from __future__ import annotations

from datetime import datetime

from ...booking.at_instrument.models import Fault
from ...booking.waiting.models import Watch
from ...catalogue.outside.models import OutsideCalendar
from ...foundation.interval import Interval
from ...foundation.signals import calendar_failing, fault_reported, freed_time_found
from ..facts import CalendarFacts, FreedTimeFacts
from ..facts.plain import plain_facts
from ..queries import keepers_of, managers_of
from ..rules import Kind
from ..services import tell


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    calendar_failing.connect(_calendar_failing)
    freed_time_found.connect(_freed_time_found)
    fault_reported.connect(_fault_reported)


def _calendar_failing(calendar: OutsideCalendar, *, at: datetime) -> None:
    kinds = dict.fromkeys(managers_of(calendar.instrument, at.date()), Kind.CALENDAR_FAILING)
    tell(kinds, CalendarFacts.of(calendar), at=at)


def _freed_time_found(watch: Watch, *, found: list[Interval], at: datetime) -> None:
    facts = FreedTimeFacts.of(watch.instrument, found)
    tell({watch.person_id: Kind.FREED_TIME}, facts, at=at)


def _fault_reported(fault: Fault, *, at: datetime) -> None:
    people = set(keepers_of(fault.instrument, at.date())) - {fault.reported_by_id}
    facts = plain_facts(
        f"/at/{fault.instrument.slug}",
        comment=fault.text,
        by=fault.reported_by.display_name,
        instrument=fault.instrument.names,
    )
    kinds = dict.fromkeys(sorted(people), Kind.FAULT_REPORTED)
    tell(kinds, facts, booking_id=fault.booking_id, at=at)
