"""What messages tell is kept as JSON, and read back as what it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from instrument_share.booking.appointments import Appointment, Place
from instrument_share.foundation.interval import Interval
from instrument_share.notification.facts import (
    BookingFacts,
    CalendarFacts,
    DeputyFacts,
    FreedTimeFacts,
    InvitationFacts,
    PlainFacts,
    SecretFacts,
    SeriesFacts,
    begins_at,
    facts_in,
)
from instrument_share.notification.facts.accounts import Guest
from instrument_share.notification.facts.bookings import Offer
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SLOT = Interval(AT, AT + timedelta(hours=2))
ZONE = "Asia/Almaty"
NAMES = {"en": "Microscope", "zh-Hans": "显微镜"}
APPOINTMENT = Appointment("B-1", 3, "confirmed", SLOT, ZONE, AT, NAMES, NAMES, "remote")
BOOKING = BookingFacts(APPOINTMENT, "Ana", "Bo", "Come early")
HIT = replace(
    BOOKING,
    appointment=replace(APPOINTMENT, place=Place(2, NAMES)),
    moved_from=Interval(AT - timedelta(days=1), AT),
    answer_by=AT,
    why=NAMES,
    offers=(Offer("other", "sem", NAMES, ZONE, SLOT),),
)
LATER = replace(APPOINTMENT, reference="B-2", slot=Interval(SLOT.end, SLOT.end + SLOT.duration))

TOLD = [
    (Kind.CONFIRMED, BOOKING, AT),
    (Kind.HIT, HIT, AT),
    (Kind.REMARK, replace(BOOKING, files=("plan.pdf",), detail="ways", credit_entry=7), AT),
    (Kind.CONFIRMED, SeriesFacts(BOOKING, "S-1", "FREQ=DAILY", AT, (APPOINTMENT, LATER)), AT),
    (Kind.PASSWORD_CHANGED, PlainFacts("/account", {}), None),
    (
        Kind.TRAINING_BOOKED,
        PlainFacts("/training", {"subject": NAMES}, "No", "Bo", SLOT, ZONE, ((NAMES, 60),)),
        AT,
    ),
    (Kind.FREED_TIME, FreedTimeFacts("sem", NAMES, NAMES, ZONE, SLOT, 2), AT),
    (Kind.CALENDAR_FAILING, CalendarFacts("sem", NAMES, NAMES, NAMES), None),
    (
        Kind.DEPUTY_NAMED,
        DeputyFacts("Ana", "liaison", date(2026, 3, 2), date(2026, 3, 9), ZONE),
        None,
    ),
    (
        Kind.INVITATION,
        InvitationFacts(5, Guest("Ana", "ana@example.org", "ar", ZONE), "Bo", NAMES),
        None,
    ),
    (Kind.NEW_PASSWORD, SecretFacts("s3cret"), None),
]


@pytest.mark.parametrize(("kind", "facts", "begins"), TOLD)
def test_facts_are_read_back_as_they_were(kind, facts, begins):
    kept = json.loads(json.dumps(facts.kept()))
    message = Message(kind=kind, facts=kept)
    assert facts_in(message) == facts
    assert begins_at(message) == begins


def test_a_sent_secret_is_gone():
    message = Message(kind=Kind.VERIFY_MAIL, facts={})
    assert (facts_in(message), begins_at(message)) == (SecretFacts(""), None)
