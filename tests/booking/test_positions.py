"""Bookings side by side on one instrument, and those that take all of it, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.booking import services
from instrument_share.booking.availability.alternatives import alternatives_to
from instrument_share.booking.availability.queries import availability_of
from instrument_share.booking.errors import SlotTaken, UnknownPosition
from instrument_share.booking.labels import where_of
from instrument_share.booking.models import Hold
from instrument_share.booking.rules import Seat, State
from instrument_share.catalogue.positions import position_name
from instrument_share.foundation.interval import Interval
from instrument_share.foundation.reader import writing_for
from tests.support.builders import AT, request_for
from tests.support.scene import make_scene

TOMORROW, HOUR = AT + timedelta(days=1), timedelta(hours=1)
SLOT = Interval(TOMORROW, TOMORROW + 4 * HOUR)


@pytest.fixture
def scene(session):
    return make_scene(positions=3, position_names=[{"en": "Hutch A", "ar": "الكوخ أ"}, {}])


def positions(session) -> list[int]:
    return sorted(session.scalars(session.query(Hold.position).statement))


def test_a_booking_takes_the_position_that_it_asks_for(scene):
    assert scene.ask(position=2).position == 2
    assert scene.ask().position == 1
    with pytest.raises(SlotTaken):
        scene.ask(position=2)


def test_a_position_that_there_is_not_is_refused(scene):
    for position in (0, 4):
        with pytest.raises(UnknownPosition):
            scene.ask(position=position)


def test_the_whole_instrument_is_every_position(scene, session):
    booking = scene.ask(whole=True)
    assert positions(session) == [1, 2, 3]
    assert where_of(booking) == "the whole instrument"
    services.withdraw(booking.reference, by=scene.applicant, at=AT, version=None)
    assert positions(session) == []
    services.submit(booking.reference, by=scene.applicant, at=AT, version=None)
    assert positions(session) == [1, 2, 3]
    with pytest.raises(SlotTaken):
        scene.ask()


def test_one_booking_keeps_the_whole_instrument_from_being_had(scene):
    scene.ask(position=3, starts_at=TOMORROW + 3 * HOUR)
    with pytest.raises(SlotTaken):
        scene.ask(whole=True)


def test_of_one_position_the_whole_is_just_itself(session):
    booking = make_scene().ask(whole=True)
    assert (booking.whole, booking.position, where_of(booking)) == (False, 1, "")


def test_positions_are_called_by_their_names_or_numbers(scene):
    with writing_for("ar", "UTC"):
        assert position_name(scene.instrument, 1) == "الكوخ أ"
    with writing_for("en", "UTC"):
        assert position_name(scene.instrument, 2) == "Position 2"
        assert position_name(scene.instrument, 3) == "Position 3"


def test_a_draft_remembers_where_it_wants_to_be(scene, session):
    draft = services.create_draft(
        request_for(scene.instrument, position=3), by=scene.applicant, at=AT
    )
    assert (draft.position, draft.seat) == (None, Seat(3))
    services.submit(draft.reference, by=scene.applicant, at=AT, version=None)
    assert positions(session) == [3]


def test_a_move_stays_on_its_position_while_that_can_be_had(scene, session):
    first = scene.ask()
    second = scene.ask()
    services.cancel(first.reference, by=scene.applicant, at=AT, version=None)
    shorter = {"starts_at": TOMORROW, "ends_at": TOMORROW + HOUR}
    services.reschedule(second.reference, by=scene.applicant, at=AT, version=None, **shorter)
    assert second.position == 2


def test_a_whole_booking_is_resized_within_its_own_time_and_can_become_one_position(scene, session):
    booking = scene.ask(whole=True)
    longer = {"starts_at": TOMORROW, "ends_at": TOMORROW + 6 * HOUR}
    services.reschedule(booking.reference, by=scene.applicant, at=AT, version=None, **longer)
    assert positions(session) == [1, 2, 3]
    services.reschedule(
        booking.reference, by=scene.applicant, at=AT, version=None, seat=Seat(2), **longer
    )
    assert (positions(session), booking.position, booking.whole) == ([2], 2, False)


def test_a_single_booking_does_not_become_whole_over_others(scene, session):
    booking, _ = scene.ask(), scene.ask()
    with pytest.raises(SlotTaken):
        services.reschedule(
            booking.reference, by=scene.applicant, at=AT, version=None,
            starts_at=SLOT.start, ends_at=SLOT.end, seat=Seat(whole=True),
        )  # fmt: skip
    assert positions(session) == [1, 2]


def test_the_other_positions_at_the_same_time_are_offered_first(scene):
    taken = scene.ask(position=1)
    offered = alternatives_to(
        scene.instrument.id, taken.slot, AT, scene.applicant, seat=Seat(position=1)
    )
    assert [(each.kind, each.seat.position) for each in offered[:2]] == [
        ("position", 2),
        ("position", 3),
    ]
    assert {each.slot for each in offered[:2]} == {SLOT}
    later = [each for each in offered if each.kind == "same"]
    assert later
    assert not any(each.slot.overlaps(SLOT) for each in later)


def test_the_whole_is_offered_when_all_positions_are_free(scene):
    scene.ask(position=1)
    scene.ask(position=2, starts_at=TOMORROW + 4 * HOUR)
    offered = alternatives_to(scene.instrument.id, SLOT, AT, scene.applicant, seat=Seat(whole=True))
    busy = Interval(TOMORROW, TOMORROW + 8 * HOUR)
    assert {each.kind for each in offered} == {"same"}
    assert not any(each.slot.overlaps(busy) for each in offered)


@pytest.mark.parametrize(
    ("seat", "free"),
    [(Seat(), True), (Seat(1), False), (Seat(2), True), (Seat(whole=True), False)],
)
def test_what_is_free_depends_on_what_one_wants(scene, seat, free):
    scene.ask(position=1)
    found = availability_of(scene.instrument, SLOT, AT, None, seat=seat)
    assert bool(found.free) == free
    assert bool(found.busy) != free


def test_shown_free_is_what_can_be_had(scene, session):
    """For every seat: the time is free exactly when a booking of it is taken."""
    scene.ask(position=2)
    for seat in (Seat(), Seat(1), Seat(2), Seat(whole=True)):
        free = availability_of(scene.instrument, SLOT, AT, None, seat=seat).free
        with session.begin_nested() as attempt:
            try:
                scene.ask(position=seat.position, whole=seat.whole)
                had = True
            except SlotTaken:
                had = False
            attempt.rollback()
        assert had == (SLOT in free), seat


def test_a_decided_whole_booking_runs_like_any_other(scene, session):
    booking = scene.confirm(scene.ask(whole=True))
    assert booking.state == State.CONFIRMED
    services.start(booking.reference, by=scene.manager, at=TOMORROW, version=None)
    services.finish(booking.reference, by=scene.manager, at=TOMORROW + HOUR, version=None)
    assert positions(session) == []
