"""Freed time goes to the first in line whom it fits, and to the next when it is passed on."""

from __future__ import annotations

from datetime import time, timedelta

from sqlalchemy import func, select

from instrument_share.booking import services
from instrument_share.booking.models import Booking
from instrument_share.booking.rules import State
from instrument_share.booking.values import FinishedUse
from instrument_share.booking.waiting import queries
from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.rules import EntryState
from instrument_share.catalogue.closing.services import lift
from instrument_share.foundation.interval import Interval
from tests.booking.waiting.stage import (
    HOUR,
    TUESDAY,
    WEDNESDAY,
    cancel,
    holds,
    join,
    offered_slot,
    sweep,
    told,
)
from tests.support.builders import AT, make_closure
from tests.support.scene import make_scene


def test_freed_time_is_offered_to_the_first_in_line(session, scene):
    booking = scene.ask()
    first, second = join(scene), join(scene, at=AT + HOUR)
    assert [queries.view_of(each).place for each in (first, second)] == [1, 2]
    cancel(booking)
    assert (first.state, second.state) == (EntryState.OFFERED, EntryState.WAITING)
    offer = first.standing_offer
    assert offer.slot == booking.slot
    assert (offer.booking.state, offer.booking.applicant_id) == (State.OFFERED, first.person_id)
    assert offer.booking.hold_expires_at == offer.answer_by == AT + 6 * HOUR  # a quarter of a day
    assert holds(session) == 1
    assert told(session, first.person) == ["offered"]
    assert told(session, second.person) == []


def test_who_joined_first_not_who_is_first_in_the_table(session, scene):
    booking = scene.ask()
    late, early = join(scene, at=AT + HOUR), join(scene, at=AT)
    cancel(booking, AT + 2 * HOUR)
    assert (early.state, late.state) == (EntryState.OFFERED, EntryState.WAITING)


def test_however_time_frees_it_is_offered(session):
    for free in WAYS.values():
        scene = make_scene()
        booking = scene.ask()
        entry = join(scene, minutes=120)
        start = free(scene, booking)
        assert offered_slot(entry) == Interval(start, start + 2 * HOUR), free


def _expire(scene, booking):
    booking.hold_expires_at = AT
    services.expire_due(AT)
    return booking.starts_at


def _reject(scene, booking):
    services.reject(booking.reference, by=scene.manager, at=AT, version=None, comment="no")
    return booking.starts_at


def _withdraw(scene, booking):
    services.withdraw(booking.reference, by=scene.applicant, at=AT, version=None)
    return booking.starts_at


def _reschedule(scene, booking):
    start, later = booking.starts_at, WEDNESDAY + 24 * HOUR
    services.reschedule(
        booking.reference, by=scene.applicant, at=AT, version=None,
        starts_at=later, ends_at=later + 4 * HOUR,
    )  # fmt: skip
    return start


def _miss(scene, booking):
    scene.confirm(booking)
    at = booking.starts_at + HOUR
    services.mark_no_show(booking.reference, by=scene.manager, at=at, version=None)
    return at + HOUR / 2


def _finish_early(scene, booking):
    scene.confirm(booking)
    start, end = booking.starts_at, booking.starts_at + HOUR
    services.start(booking.reference, by=scene.manager, at=start, version=None)
    use = FinishedUse(start, end)
    services.finish(booking.reference, by=scene.manager, at=end, version=None, use=use)
    return end + HOUR / 2


#: Each frees the booking's time and tells when what is offered of it can begin.
WAYS = {
    "withdrawn": _withdraw, "rejected": _reject, "expired": _expire, "rescheduled": _reschedule,
    "no-show": _miss, "finished early": _finish_early,
}  # fmt: skip


def test_a_lifted_closure_is_offered(session, scene):
    closure = make_closure(scene.instrument, Interval(TUESDAY, TUESDAY + 4 * HOUR))
    entry = join(scene, since=TUESDAY, until=TUESDAY + 4 * HOUR)
    lift(scene.instrument.slug, closure.id, by=scene.manager, at=AT)
    assert offered_slot(entry) == Interval(TUESDAY, TUESDAY + 4 * HOUR)


def test_an_offer_keeps_to_the_hours_and_days_of_the_wish(session, scene):
    booking = scene.ask(hours=8)
    late = join(scene, not_before=time(10), time_zone="Asia/Almaty", minutes=120)
    never = join(scene, weekdays=frozenset({"sun"}), since=AT, until=AT + timedelta(days=9))
    cancel(booking)
    assert never.state == EntryState.WAITING
    assert offered_slot(late) == Interval(TUESDAY + HOUR, TUESDAY + 3 * HOUR)  # 10:00 in Almaty


def test_one_freed_stretch_may_serve_several(session, scene):
    booking = scene.ask(hours=8)
    entries = [join(scene) for _ in range(3)]
    cancel(booking)
    assert [offered_slot(each) for each in entries] == [
        Interval(TUESDAY, TUESDAY + 4 * HOUR),
        Interval(TUESDAY + 4 * HOUR, TUESDAY + 8 * HOUR),
        None,
    ]


def test_whoever_may_no_longer_book_is_passed_over(session, scene):
    booking = scene.ask()
    entries = [join(scene) for _ in range(3)]
    entries[0].person.verification = "unverified"
    entries[1].person.suspended_at = AT
    cancel(booking)
    assert [each.state for each in entries] == ["waiting", "waiting", "offered"]
    assert session.scalar(select(func.count()).select_from(Booking)) == 2


def test_the_whole_instrument_is_offered_only_where_every_position_is_free(session):
    scene = make_scene(positions=2)
    one, other = scene.ask(), scene.ask(starts_at=TUESDAY + 2 * HOUR)
    whole = join(scene, whole=True, since=TUESDAY, until=TUESDAY + 6 * HOUR)
    cancel(one)
    assert whole.state == EntryState.WAITING
    cancel(other)
    assert offered_slot(whole) == other.slot
    assert holds(session) == 2


def test_setup_and_teardown_of_neighbours_are_kept(session):
    scene = make_scene(setup_minutes=30, teardown_minutes=30)
    scene.ask(starts_at=TUESDAY - 5 * HOUR)
    booking = scene.ask()
    entry = join(scene, since=TUESDAY - 6 * HOUR)
    cancel(booking)
    assert offered_slot(entry) == booking.slot


def test_time_that_is_too_near_is_offered_to_nobody(session):
    scene = make_scene(lead_minutes=60)
    booking = scene.ask()
    entry = join(scene, since=booking.starts_at, until=booking.ends_at)
    cancel(booking, booking.starts_at - 70 * timedelta(minutes=1))
    assert entry.state == EntryState.WAITING
    assert holds(session) == 0


def test_the_worker_offers_what_is_free_without_having_been_told(session, scene):
    first, second = join(scene), join(scene, at=AT + HOUR)
    session.commit()
    sweep(AT + HOUR)  # the whole day is free, and both fit
    assert offered_slot(first) == Interval(TUESDAY - 4 * HOUR, TUESDAY)
    assert offered_slot(second) == Interval(TUESDAY, TUESDAY + 4 * HOUR)
    assert waiting.due_lines(AT + 2 * HOUR) == []


def test_freeing_time_that_nobody_waits_for_costs_two_statements(session, scene, count_queries):
    quiet, busy = scene.ask(), scene.ask(starts_at=WEDNESDAY)
    join(scene, weekdays=frozenset({"sun"}), since=AT, until=AT + timedelta(days=9))
    session.commit()
    with count_queries() as queries_made:
        cancel(quiet)
    about_waiting = [s for s in queries_made.statements if "waiting" in s or "watch" in s]
    assert len(about_waiting) <= 3, queries_made  # the line, what its people were offered, watchers
    cancel(busy)
