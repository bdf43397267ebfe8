"""Trainings in the calendars of whoever has a seat, and of whoever gives them."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest

from instrument_share.access.rules import Level
from instrument_share.access.training import services
from instrument_share.access.training.values import SessionDraft
from instrument_share.foundation.interval import Interval
from instrument_share.identity.rules import Role
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from tests.schedule.reading import private_path, read, slot_of
from tests.support.builders import AT, make_instrument, make_person, make_staff, make_training

DAY = timedelta(days=1)


@pytest.fixture
def instrument(session):
    return make_instrument(slug="tem", qualification="independent")


@pytest.fixture
def trainer(instrument):
    return make_staff(Role.OPERATOR, instrument.facility)


@pytest.fixture
def training(instrument, trainer):
    return make_training(instrument, trainer, places=1, venue="Room 3")


def events_of(client, person):
    return [
        (str(e["SUMMARY"]), str(e["STATUS"]), e["SEQUENCE"], slot_of(e))
        for e in read(client, private_path(person)).events
    ]


def invitation_to(session, person):
    """METHOD and UID of the event in the last mail to the person; None where it carries none."""
    newest = Message.id.desc()
    message = session.query(Message).filter_by(person_id=person.id).order_by(newest).first()
    parts = [part for part in compose(message).walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return None
    calendar = icalendar.Calendar.from_ical(parts[0].get_content())
    return str(calendar["METHOD"]), str(calendar.events[0]["UID"])


def test_a_seat_is_an_appointment_and_a_place_in_line_is_none(client, session, training, present):
    first, second = make_person(), make_person()
    for person in (first, second):
        services.request_place(training.reference, by=person, at=AT)
    title = f"Training: {training.instrument.name('en')}"
    shown = [(title, "CONFIRMED", 0, (training.starts_at, training.ends_at))]
    assert events_of(client, first) == events_of(client, training.trainer) == shown
    assert events_of(client, second) == []
    event = read(client, private_path(first)).events[0]
    assert str(event["LOCATION"]) == "Room 3"
    assert str(event["URL"]).endswith(f"/training/{training.reference}")
    assert invitation_to(session, first) == ("REQUEST", str(event["UID"]))
    assert invitation_to(session, second) is None

    services.give_up(training.reference, by=first, at=AT)
    assert (events_of(client, first), events_of(client, second)) == ([], shown)
    assert invitation_to(session, second) == ("REQUEST", str(event["UID"]))

    services.cancel_session(training.reference, "The gun is broken.", by=training.trainer, at=AT)
    assert [event[1:3] for event in events_of(client, second)] == [("CANCELLED", 1)]
    assert invitation_to(session, second) == ("CANCEL", str(event["UID"]))


def test_each_change_makes_a_new_validator(client, session, instrument, trainer, present):
    person = make_person()
    seen = []

    def look():
        session.commit()
        seen.append(tuple(client.head(private_path(p)).headers["ETag"] for p in (trainer, person)))

    look()
    draft = SessionDraft(
        instrument.facility.slug, "tem", Level.INDEPENDENT, Interval(AT + DAY, AT + 2 * DAY),
        places=3, language="en", trainer_id=trainer.id,
    )  # fmt: skip
    reference = services.offer_session(draft, by=trainer, at=AT).reference
    look()
    services.request_place(reference, by=person, at=AT)
    look()
    services.give_up(reference, by=person, at=AT)
    look()
    trainers, theirs = zip(*seen, strict=True)
    assert len(set(trainers)) == 4
    assert len(set(theirs)) == 3
    assert theirs[0] == theirs[1]  # that it is offered concerns who gives it
