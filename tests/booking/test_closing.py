"""Closures meet bookings: what is hit is seen before, told after, and never cancelled silently."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from instrument_share.booking import services as bookings
from instrument_share.booking.closing import services
from instrument_share.booking.closing.queries import hits_on
from instrument_share.booking.errors import CommentMissing, SlotUnfit
from instrument_share.booking.models import Booking
from instrument_share.catalogue.closing.errors import HitsBookings
from instrument_share.catalogue.models import OpeningException
from instrument_share.catalogue.rules import ExceptionKind
from instrument_share.catalogue.values import Plan
from instrument_share.foundation.database import db
from instrument_share.foundation.errors import Forbidden
from instrument_share.foundation.interval import Interval
from instrument_share.foundation.transaction import perform, transaction
from instrument_share.identity.models import Person
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.builders import AT, make_institution, make_person, request_for
from tests.support.scene import make_scene

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = Interval(AT + DAY, AT + 2 * DAY)
CLOSURE = Plan(ExceptionKind.CLOSURE, SOON, reason={"en": "New detector"})


@pytest.fixture
def scene(session):
    return make_scene()


def outage(hours: int = 48) -> Plan:
    return Plan(ExceptionKind.CLOSURE, Interval(AT, AT + hours * HOUR), sudden=True)


def told(session, booking: Booking) -> list[str]:
    session.flush()
    kinds = {Kind.HIT, Kind.SPARED}
    rows = session.scalars(
        select(Message.kind).where(Message.booking_id == booking.id).order_by(Message.id)
    )
    return [kind for kind in rows if kind in kinds]


def test_a_plan_is_saved_only_when_what_it_hits_was_seen(session, scene):
    booking = scene.ask()
    slug = scene.instrument.slug
    session.commit()
    with pytest.raises(HitsBookings) as refused:
        perform(services.enter, slug, CLOSURE, by=scene.manager, at=AT)
    (hit,) = refused.value.hits
    assert (hit.reference, hit.applicant) == (booking.reference, scene.applicant.display_name)
    assert session.query(OpeningException).count() == 0
    perform(services.enter, slug, CLOSURE, by=scene.manager, at=AT, seen=[booking.reference])
    assert session.query(OpeningException).count() == 1
    assert (booking.state, told(session, booking)) == ("submitted", ["hit"])


def test_a_plan_that_hits_nothing_is_saved_at_once(session, scene):
    scene.ask(starts_at=SOON.end + HOUR)
    services.enter(scene.instrument.slug, CLOSURE, by=scene.manager, at=AT)
    assert hits_on(scene.instrument.id, AT) == []


def test_bookings_of_those_inside_a_blocking_stay_and_are_listed(session, scene):
    staying = scene.ask()
    other = make_person(make_institution())
    hit = bookings.request_booking(
        request_for(scene.instrument, SOON.start + 6 * HOUR), by=other, at=AT
    )
    plan = Plan(
        ExceptionKind.BLOCKING, SOON, {"en": "Quota"},
        open_to={"institutions": [scene.applicant.institution_id]},
    )  # fmt: skip
    with pytest.raises(HitsBookings) as refused:
        services.enter(scene.instrument.slug, plan, by=scene.manager, at=AT)
    assert {each.reference: each.stays for each in refused.value.hits} == {
        hit.reference: False,
        staying.reference: True,
    }


def test_an_outage_is_saved_at_once_and_tells_those_hit_what_they_can_have(session, scene):
    booking = scene.ask()
    services.enter(scene.instrument.slug, outage(), by=scene.manager, at=AT)
    message = session.scalar(select(Message).where(Message.kind == Kind.HIT))
    assert (message.person_id, message.booking_id) == (scene.applicant.id, booking.id)
    starts = [offer["starts_at"] for offer in message.facts["alternatives"]]
    assert starts
    assert all(start >= (AT + 2 * DAY).isoformat() for start in starts)
    assert booking.state == "submitted"


def test_those_who_were_told_are_told_when_nothing_stands_in_their_way_any_more(session, scene):
    booking, slug = scene.ask(), scene.instrument.slug
    (first,) = services.enter(slug, outage(), by=scene.manager, at=AT)
    (second,) = services.enter(slug, outage(40), by=scene.manager, at=AT)
    services.lift(slug, first.id, by=scene.manager, at=AT + HOUR)
    assert told(session, booking) == ["hit"]  # the second still does
    services.lift(slug, second.id, by=scene.manager, at=AT + HOUR)
    assert told(session, booking) == ["hit", "spared"]


def test_a_change_tells_those_whom_it_hits_newly_and_those_whom_it_spares(session, scene):
    early, late = scene.ask(), scene.ask(starts_at=SOON.end + HOUR)
    slug = scene.instrument.slug
    (row,) = services.enter(slug, CLOSURE, by=scene.manager, at=AT, seen=[early.reference])
    later = Plan(ExceptionKind.CLOSURE, Interval(SOON.end, SOON.end + DAY))
    session.commit()

    def change(seen: Booking) -> None:
        perform(
            services.change, slug, row.id, later, by=scene.manager, at=AT, seen=[seen.reference]
        )

    with pytest.raises(HitsBookings):
        change(early)
    change(late)
    assert (told(session, early), told(session, late)) == (["hit", "spared"], ["hit"])


def test_hit_bookings_are_cancelled_with_a_reason_or_left(session, scene):
    chosen, left = scene.ask(), scene.ask(starts_at=SOON.start + 6 * HOUR)
    untouched = scene.ask(starts_at=AT + 9 * DAY)
    slug = scene.instrument.slug
    services.enter(slug, outage(), by=scene.manager, at=AT)
    everything = [chosen.reference, untouched.reference]
    with pytest.raises(CommentMissing):
        services.cancel_hit(slug, everything, " ", by=scene.manager, at=AT)
    for stranger in (scene.applicant, make_person()):
        with pytest.raises(Forbidden):
            services.cancel_hit(slug, everything, "Broken", by=stranger, at=AT)
    services.cancel_hit(slug, everything, "Broken", by=scene.manager, at=AT)
    states = [booking.state for booking in (chosen, left, untouched)]
    assert states == ["cancelled", "submitted", "submitted"]
    message = session.scalar(select(Message).where(Message.kind == Kind.CANCELLED))
    assert (message.booking_id, message.facts["comment"]) == (chosen.id, "Broken")
    assert [hit.reference for hit in hits_on(scene.instrument.id, AT)] == [left.reference]


def test_nobody_cancels_late_because_the_instrument_is_closed(session, scene):
    booking = scene.confirm(scene.ask())
    services.enter(scene.instrument.slug, outage(), by=scene.manager, at=AT)
    at = booking.starts_at - HOUR
    bookings.cancel(booking.reference, by=scene.applicant, at=at, version=None)
    assert (booking.state, booking.late) == ("cancelled", False)


def test_a_moved_booking_is_hit_no_longer(session, scene):
    booking = scene.ask()
    services.enter(scene.instrument.slug, outage(), by=scene.manager, at=AT)
    start = AT + 5 * DAY
    bookings.reschedule(
        booking.reference, by=scene.applicant, at=AT, version=None,
        starts_at=start, ends_at=start + HOUR,
    )  # fmt: skip
    assert hits_on(scene.instrument.id, AT) == []


def test_hits_are_read_in_a_fixed_number_of_queries(session, scene, count_queries):
    def counted(hits: int) -> int:
        with count_queries() as queries:
            assert len(hits_on(scene.instrument.id, AT)) == hits
        return queries.count

    scene.ask()
    services.enter(scene.instrument.slug, CLOSURE, by=scene.manager, at=AT, seen=[
        row.reference for row in session.query(Booking)])  # fmt: skip
    session.query(OpeningException).update({"starts_at": AT + 30 * DAY, "ends_at": AT + 31 * DAY})
    for number in range(5):
        scene.ask(starts_at=SOON.start + (5 + 3 * number) * HOUR, hours=2)
    session.query(OpeningException).update({"starts_at": SOON.start, "ends_at": SOON.end})
    session.expire_all()
    assert counted(6) <= 3 + 1  # the instrument itself is read again


def in_another_thread(app, act):
    """Start it; the thread and a list that gets what it returned or raised."""
    came: list[object] = []

    def run() -> None:
        with app.app_context():
            try:
                came.append(act())
            except Exception as error:
                came.append(error)
            finally:
                db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, came


def test_a_closure_waits_for_the_booking_that_is_being_made_and_sees_it(app, session, scene):
    slug, manager_id, applicant = scene.instrument.slug, scene.manager.id, scene.applicant
    request = request_for(scene.instrument)
    session.commit()

    def close() -> object:
        return perform(services.enter, slug, CLOSURE, by=db.session.get(Person, manager_id), at=AT)

    with transaction():
        booking = bookings.request_booking(request, by=applicant, at=AT)
        thread, came = in_another_thread(app, close)
        thread.join(timeout=0.5)
        assert came == []  # it waits
    thread.join(timeout=30)
    (refusal,) = came
    assert isinstance(refusal, HitsBookings)
    assert [hit.reference for hit in refusal.hits] == [booking.reference]


def test_a_booking_waits_for_the_closure_that_is_being_entered_and_sees_it(app, session, scene):
    slug, applicant_id = scene.instrument.slug, scene.applicant.id
    request = request_for(scene.instrument)
    manager = scene.manager
    session.commit()

    def book() -> object:
        return perform(
            bookings.request_booking, request, by=db.session.get(Person, applicant_id), at=AT
        )

    with transaction():
        services.enter(slug, CLOSURE, by=manager, at=AT)
        thread, came = in_another_thread(app, book)
        thread.join(timeout=0.5)
        assert came == []
    thread.join(timeout=30)
    (refusal,) = came
    assert isinstance(refusal, SlotUnfit)
    assert refusal.code == "in_closure"
