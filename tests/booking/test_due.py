"""What becomes of bookings when its time has come: done once, by whichever worker comes first, never by halves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import func, select

from instrument_share.accounting.ledger import reserved_for
from instrument_share.accounting.verification import findings
from instrument_share.booking import services
from instrument_share.booking.chores import CHORES
from instrument_share.booking.history import history_of
from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.rules import State, is_told_lately, remind_of_decision
from instrument_share.booking.services.due import EXPIRY, REMINDERS, do_due, due_bookings
from instrument_share.foundation.chores import Shift, one_by_one
from instrument_share.foundation.database import db
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.accounting.story import START, begin
from tests.support.builders import AT
from tests.support.marks import postgresql_only
from tests.support.scene import make_scene

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK_ON = AT + 7 * DAY


def work(at) -> dict[str, int]:
    """One turn of a worker whose clock stands at `at`."""
    shift = Shift("worker", lambda: at)
    return {chore.name: chore.run(shift) for chore in CHORES}


def told(kind: Kind) -> list[int]:
    return sorted(db.session.scalars(select(Message.person_id).where(Message.kind == kind)))


def confirmed(scene, **values) -> Booking:
    return scene.confirm(scene.ask(**{"starts_at": WEEK_ON} | values))


# --- no-shows -----------------------------------------------------------------------------------------


def test_whoever_does_not_come_within_the_grace_is_a_no_show(session):
    scene = make_scene(grace_minutes=30)
    booking = confirmed(scene)
    assert work(WEEK_ON + 29 * MINUTE)["no-shows"] == 0
    assert work(WEEK_ON + 30 * MINUTE)["no-shows"] == 1
    assert (booking.state, booking.position) == (State.NO_SHOW, None)
    assert session.scalar(select(func.count()).select_from(Hold)) == 0
    last = history_of(booking)[-1]
    assert (last.action, last.by) == ("mark-no-show", None)
    assert told(Kind.NO_SHOW) == [scene.applicant.id]


def test_an_instrument_without_grace_waits_for_its_managers(session):
    scene = make_scene()
    booking = confirmed(scene)
    assert work(WEEK_ON + 10 * DAY)["no-shows"] == 0
    assert booking.state == State.CONFIRMED


def test_whoever_has_begun_came(session):
    scene = make_scene(grace_minutes=0)
    booking = confirmed(scene)
    services.start(booking.reference, by=scene.operator, at=WEEK_ON, version=None)
    session.commit()
    assert work(WEEK_ON + HOUR)["no-shows"] == 0
    assert booking.state == State.IN_USE


def test_a_no_show_by_the_clock_gives_quota_back_as_one_by_hand(session):
    story = begin()
    story.instrument.grace_minutes = 15
    booking = story.confirmed(START)
    session.commit()
    assert reserved_for(booking.id) != {}
    assert work(START + HOUR)["no-shows"] == 1
    assert reserved_for(booking.id) == {}
    assert list(findings()) == []


# --- reminders ----------------------------------------------------------------------------------------


def test_an_applicant_is_reminded_a_day_before_and_once(session):
    scene = make_scene()
    booking = confirmed(scene)
    version = booking.version
    assert work(WEEK_ON - DAY - MINUTE)["reminders"] == 0
    assert work(WEEK_ON - DAY)["reminders"] == 1
    assert work(WEEK_ON - HOUR)["reminders"] == 0
    assert told(Kind.REMINDER) == [scene.applicant.id]
    session.refresh(booking)
    assert booking.version == version  # a page that shows it is not stale


def test_another_time_is_another_reminder(session):
    scene = make_scene()
    booking = confirmed(scene)
    work(WEEK_ON - HOUR)
    moved = {"starts_at": WEEK_ON + 2 * DAY, "ends_at": WEEK_ON + 2 * DAY + HOUR}
    services.reschedule(booking.reference, by=scene.applicant, at=AT, version=None, **moved)
    scene.confirm(booking)
    session.commit()
    assert work(WEEK_ON + DAY)["reminders"] == 1
    assert told(Kind.REMINDER) == [scene.applicant.id] * 2


def test_nobody_is_reminded_of_what_is_not_confirmed_or_was_confirmed_just_now(session):
    scene = make_scene()
    scene.ask(starts_at=WEEK_ON)
    confirmed(scene, starts_at=AT + 5 * HOUR)
    session.commit()
    work(AT + HOUR)
    work(WEEK_ON - HOUR)
    assert told(Kind.REMINDER) == []


def test_a_confirmation_on_the_day_before_is_reminder_enough():
    assert is_told_lately(WEEK_ON - DAY + MINUTE, WEEK_ON)
    assert not is_told_lately(WEEK_ON - DAY, WEEK_ON)
    assert not is_told_lately(None, WEEK_ON)


def test_deciders_are_reminded_once_a_step_before_it_is_due(session):
    scene = make_scene()
    booking = scene.ask(starts_at=AT + 30 * DAY)
    session.commit()
    assert work(AT + 4 * DAY - MINUTE)["reminders to decide"] == 0
    assert work(AT + 4 * DAY)["reminders to decide"] == 1
    assert work(AT + 5 * DAY)["reminders to decide"] == 0
    services.approve(booking.reference, by=scene.manager, at=AT + 5 * DAY, version=None)
    session.commit()
    assert work(AT + 9 * DAY)["reminders to decide"] == 1
    assert told(Kind.DECISION_REMINDER) == sorted([scene.manager.id, scene.office.id])


def test_whoever_decided_is_not_reminded(session):
    scene = make_scene()
    booking = scene.ask(starts_at=AT + 30 * DAY)
    services.reject(booking.reference, by=scene.manager, at=AT + DAY, version=None, comment="No.")
    session.commit()
    assert work(AT + 9 * DAY)["reminders to decide"] == 0


def test_a_reminder_to_decide_always_comes_between_asking_and_the_last_moment():
    assert remind_of_decision(AT, AT + 5 * DAY) == AT + 4 * DAY
    assert remind_of_decision(AT, AT + 4 * HOUR) == AT + 2 * HOUR


# --- several workers, and what goes wrong -------------------------------------------------------------


def test_workers_at_the_same_time_do_each_thing_once(session, app):
    scene = make_scene()
    count = 12
    for number in range(count):
        scene.ask(starts_at=WEEK_ON + number * HOUR, hours=1)
    session.commit()
    barrier = Barrier(3)

    def worker(_number: int) -> int:
        with app.app_context():
            barrier.wait(30)
            try:
                return work(AT + 30 * DAY)["expired holds"]
            finally:
                db.session.remove()

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(worker, range(3)))
    session.expire_all()
    assert sum(done) == count
    assert told(Kind.EXPIRED) == [scene.applicant.id] * count
    assert set(session.scalars(select(Booking.state))) == {State.EXPIRED}


@postgresql_only
def test_what_another_worker_holds_is_passed_over_and_taken_over_when_that_one_dies(session, app):
    booking = make_scene().ask(starts_at=WEEK_ON)
    session.commit()
    with db.engine.connect() as dying:
        dying.execute(select(Booking.id).where(Booking.id == booking.id).with_for_update())
        assert work(AT + 30 * DAY)["expired holds"] == 0
        dying.rollback()  # what the server does for a connection that is gone
    assert work(AT + 30 * DAY)["expired holds"] == 1


def test_a_backlog_is_worked_off_and_a_row_that_fails_holds_up_no_other(session):
    scene = make_scene()
    for number in range(7):
        scene.ask(starts_at=WEEK_ON + number * HOUR, hours=1)
    session.commit()
    bad = due_bookings(EXPIRY, AT + 30 * DAY)[2]

    def due(at, besides):
        return due_bookings(EXPIRY, at, besides, most=2)

    def do(key, at):
        if key == bad:
            do_due(EXPIRY, key, at)
            raise RuntimeError("a row that nobody understands")
        return do_due(EXPIRY, key, at)

    assert one_by_one(due, do)(Shift("worker", lambda: AT + 30 * DAY)) == 6
    left = session.execute(select(Booking.id, Booking.state).where(Booking.state != State.EXPIRED))
    assert left.all() == [(bad, State.SUBMITTED)]


def test_a_turn_that_is_over_leaves_the_rest_for_the_next(session):
    scene = make_scene()
    for number in range(3):
        scene.ask(starts_at=WEEK_ON + number * HOUR, hours=1)
    session.commit()
    done = []
    expiry = one_by_one(lambda at, besides: due_bookings(EXPIRY, at, besides),
                        lambda key, at: done.append(key) or do_due(EXPIRY, key, at))  # fmt: skip
    assert expiry(Shift("worker", lambda: AT + 30 * DAY, lambda: bool(done))) == 1
    assert work(AT + 30 * DAY)["expired holds"] == 2


def test_reading_what_is_due_asks_a_fixed_number_of_questions(session, count_queries):
    scene = make_scene()
    for number in range(3):
        confirmed(scene, starts_at=WEEK_ON + number * HOUR, hours=1)
    session.commit()
    with count_queries() as queries:
        assert len(due_bookings(REMINDERS, WEEK_ON - HOUR)) == 3
    assert queries.count == 1, queries
