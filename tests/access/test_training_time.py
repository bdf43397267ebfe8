"""A training that takes place on an instrument takes its time, and gives it back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from instrument_share.access.rules import Level
from instrument_share.access.training import services
from instrument_share.access.training.errors import SessionOver
from instrument_share.access.training.values import SessionDraft
from instrument_share.booking.availability.explained import explained_availability
from instrument_share.booking.closing import services as closing
from instrument_share.booking.errors import SlotUnfit
from instrument_share.catalogue.closing.errors import HitsBookings
from instrument_share.catalogue.models import OpeningException
from instrument_share.foundation.clock import zone as zone_of
from instrument_share.foundation.errors import InvalidInput
from instrument_share.foundation.interval import Interval
from instrument_share.foundation.transaction import perform
from instrument_share.identity.rules import Role
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from tests.support.builders import AT, make_person, make_staff
from tests.support.scene import make_scene
from tests.support.signing import sign_in

DAY = timedelta(days=1)


@pytest.fixture
def scene(session):
    return make_scene()


@pytest.fixture
def trainer(scene):
    return make_staff(Role.OPERATOR, scene.instrument.facility)


@pytest.fixture
def draft(scene, trainer):
    return SessionDraft(
        facility=scene.instrument.facility.slug,
        instrument=scene.instrument.slug,
        level=Level.INDEPENDENT,
        slot=Interval(AT + DAY, AT + 2 * DAY),
        places=3,
        language="en",
        trainer_id=trainer.id,
        takes_time=True,
    )


def kinds_told(session, booking):
    session.flush()
    rows = session.scalars(select(Message.kind).where(Message.booking_id == booking.id))
    return [kind for kind in rows if kind in ("hit", "spared")]


def test_its_time_is_blocked_as_training_and_free_again_when_it_is_called_off(
    session, scene, trainer, draft
):
    beside = services.offer_session(replace(draft, takes_time=False), by=trainer, at=AT)
    assert (beside.time, session.query(OpeningException).count()) == (None, 0)
    training = services.offer_session(draft, by=trainer, at=AT)
    told = explained_availability(scene.instrument, draft.slot, AT, scene.applicant)
    assert [part.kind for part in told.busy] == ["blocking"]
    assert told.busy[0].title == {"en": "Training", "zh-Hans": "培训", "ar": "التدريب"}
    with pytest.raises(SlotUnfit):
        scene.ask()
    services.cancel_session(training.reference, "The gun is broken.", by=trainer, at=AT)
    assert scene.ask().state == "submitted"
    assert session.query(OpeningException).count() == 0
    general = replace(draft, instrument=None)
    with pytest.raises(InvalidInput) as refused:
        services.offer_session(general, by=trainer, at=AT)
    assert "takes_time" in refused.value.fields


def test_bookings_in_its_way_are_seen_first_told_then_and_spared_when_it_is_called_off(
    session, scene, trainer, draft
):
    booking = scene.ask()
    session.commit()
    with pytest.raises(HitsBookings) as refused:
        perform(services.offer_session, draft, by=trainer, at=AT)
    assert [hit.reference for hit in refused.value.hits] == [booking.reference]
    assert session.query(OpeningException).count() == 0
    training = services.offer_session(draft, by=trainer, at=AT, seen=[booking.reference])
    assert (booking.state, kinds_told(session, booking)) == ("submitted", ["hit"])
    services.cancel_session(training.reference, "No electricity.", by=trainer, at=AT)
    assert kinds_told(session, booking) == ["hit", "spared"]


def test_a_training_that_is_moved_takes_its_time_along(session, scene, trainer, draft):
    training = services.offer_session(replace(draft, places=1), by=trainer, at=AT)
    people = [make_person(), make_person()]
    for person in people:
        services.request_place(training.reference, by=person, at=AT)
    later = Interval(AT + 3 * DAY, AT + 4 * DAY)
    booking = scene.ask(starts_at=later.start)
    session.commit()
    with pytest.raises(HitsBookings):
        perform(services.move_session, training.reference, later, by=trainer, at=AT)
    session.refresh(training)
    assert training.slot == draft.slot
    services.move_session(training.reference, later, by=trainer, at=AT, seen=[booking.reference])
    (held,) = session.query(OpeningException)
    assert held.slot == training.slot == later
    assert kinds_told(session, booking) == ["hit"]
    moved = session.query(Message).filter(Message.kind.startswith("training_moved"))
    told = [(m.person_id, str(m.kind), sequence_in(m)) for m in moved.order_by(Message.id)]
    assert told == [
        (people[0].id, "training_moved", 1),
        (people[1].id, "training_moved_in_line", None),
    ]
    assert scene.ask().state == "submitted", "the first time is free again"
    with pytest.raises(SessionOver):
        services.move_session(training.reference, draft.slot, by=trainer, at=later.start)


def sequence_in(message):
    """SEQUENCE of the event that the mail invites to; None where it invites to none."""
    found = re.search(r"SEQUENCE:(\d+)", str(compose(message)))
    return int(found[1]) if found else None


def test_who_manages_the_instrument_has_the_last_word(session, scene, trainer, draft):
    training = services.offer_session(draft, by=trainer, at=AT)
    closing.lift(scene.instrument.slug, training.time.exception_id, by=scene.manager, at=AT)
    session.flush()
    session.refresh(training)
    assert training.time is None
    services.cancel_session(training.reference, "Nobody came.", by=trainer, at=AT + DAY)
    assert training.state == "cancelled"


def test_the_form_tells_what_is_in_the_way_and_asks(
    client, session, scene, trainer, draft, present
):
    booking = scene.ask()
    slug, zone = scene.instrument.slug, scene.instrument.time_zone
    sign_in(client, trainer)
    start, end = (each.astimezone(zone_of(zone)) for each in (booking.starts_at, booking.ends_at))
    form = {
        "subject": slug, "level": "independent", "trainer": trainer.id, "day": start.date().isoformat(),
        "start": f"{start:%H:%M}", "end": f"{end:%H:%M}", "places": "2", "language": "en", "takes_time": "1",
    }  # fmt: skip
    asked = client.post("/manage/training/new", data=form)
    assert (asked.status_code, booking.reference in asked.text) == (409, True)
    assert "Offer it all the same" in asked.text
    offered = client.post("/manage/training/new", data=form | {"seen": booking.reference})
    page = client.get(offered.location.replace("/manage", "")).text
    assert "Taken up by this training" in page
    moved = {"day": start.date().isoformat(), "start": "00:05", "end": "00:35"}
    assert client.post(offered.location + "/move", data=moved | {"end": "00:01"}).status_code == 422
    assert client.post(offered.location + "/move", data=moved).location == offered.location
