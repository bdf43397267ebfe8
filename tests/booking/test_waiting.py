"""The waiting list: freed time goes to the first in line whom it fits, and to the next when it is passed on."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from instrument_share.access.errors import AgreementNotUsable
from instrument_share.booking import services
from instrument_share.booking.errors import OfferOver
from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.rules import State
from instrument_share.booking.values import FinishedUse
from instrument_share.booking.waiting import queries
from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.errors import (
    AlreadyWaiting,
    NothingOffered,
    NotWaiting,
    WaitingListFull,
)
from instrument_share.booking.waiting.models import FreedTime, WaitingOffer, Watch
from instrument_share.booking.waiting.rules import MOST_ENTRIES, EntryState
from instrument_share.booking.waiting.values import JoinRequest, WatchRequest
from instrument_share.catalogue.services import lift_closure
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound
from instrument_share.foundation.interval import Interval
from instrument_share.foundation.transaction import perform
from instrument_share.notification.models import Message
from tests.support.builders import (
    AT,
    make_agreement,
    make_closure,
    make_institution,
    make_person,
)
from tests.support.scene import Scene, make_scene

HOUR = timedelta(hours=1)
TUESDAY = AT + timedelta(days=1)  # noon in Shanghai
WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def scene(session) -> Scene:
    return make_scene()


def wish(instrument, **values) -> JoinRequest:
    defaults = {
        "instrument": instrument.slug, "access_mode": "on_site", "purpose": "Thin films",
        "since": TUESDAY - 4 * HOUR, "until": TUESDAY + 20 * HOUR, "minutes": 240, "time_zone": "UTC",
    }  # fmt: skip
    return JoinRequest(**defaults | values)


def someone():
    return make_person(make_institution())


def join(scene, person=None, *, at=AT, **values):
    request = replace(wish(scene.instrument), **values)
    return waiting.join(request, by=person or someone(), at=at)


def cancel(booking: Booking, at: datetime = AT) -> None:
    services.cancel(booking.reference, by=booking.applicant, at=at, version=None)


def sweep(at: datetime) -> None:
    """What a worker does when it looks for time."""
    for key in waiting.due_lines(at):
        perform(waiting.sweep_line, key, at)


def tell_watchers(at: datetime) -> int:
    """What a worker does for those who watch; how many it told."""
    return sum(perform(waiting.tell_watcher, key, at) for key in waiting.due_watches(at))


def offered_slot(entry) -> Interval | None:
    return entry.standing_offer.slot if entry.standing_offer else None


def holds(session) -> int:
    return session.scalar(select(func.count()).select_from(Hold))


def told(session, person) -> list[str]:
    rows = session.scalars(
        select(Message.kind).where(Message.person_id == person.id).order_by(Message.id)
    )
    return list(rows)


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


def test_an_accepted_offer_is_decided_like_any_request(session, scene):
    booking = scene.ask()
    entry = join(scene)
    cancel(booking)
    waiting.accept(entry.reference, by=entry.person, at=AT + HOUR)
    accepted = entry.offers[0].booking
    assert (entry.state, accepted.state) == (EntryState.ACCEPTED, State.SUBMITTED)
    assert [step.status for step in accepted.steps] == ["pending", "waiting"]
    assert told(session, entry.person) == ["offered", "received"]
    assert scene.confirm(accepted).state == State.CONFIRMED
    with pytest.raises(NothingOffered):
        waiting.accept(entry.reference, by=entry.person, at=AT + HOUR)


def test_accepting_on_the_bookings_page_is_the_same(session, scene):
    booking = scene.ask()
    entry = join(scene)
    cancel(booking)
    services.submit(
        entry.standing_offer.booking.reference, by=entry.person, at=AT + HOUR, version=None
    )
    assert entry.state == EntryState.ACCEPTED


def test_a_declined_offer_goes_to_the_next_at_once_and_not_back(session, scene):
    booking = scene.ask()
    first, second = join(scene), join(scene)
    cancel(booking)
    waiting.decline(first.reference, by=first.person, at=AT)
    assert (first.state, second.state) == (EntryState.WAITING, EntryState.OFFERED)
    assert offered_slot(second) == booking.slot
    waiting.decline(second.reference, by=second.person, at=AT)
    assert first.standing_offer is None  # it is not offered the same time again
    assert second.state == EntryState.WAITING
    assert holds(session) == 0


def test_declining_all_that_was_waited_for_ends_the_wait(session, scene):
    booking = scene.ask()
    entry = join(scene, since=booking.starts_at, until=booking.ends_at)
    cancel(booking)
    waiting.decline(entry.reference, by=entry.person, at=AT)
    assert entry.state == EntryState.DECLINED
    assert told(session, entry.person) == ["offered"]


def test_an_offer_that_runs_out_goes_to_the_next(session, scene):
    booking = scene.ask()
    first, second = join(scene), join(scene)
    cancel(booking)
    deadline = first.standing_offer.answer_by
    assert services.expire_due(deadline - timedelta(seconds=1)) == 0
    assert services.expire_due(deadline) == 1
    assert (first.state, first.missed) == (EntryState.WAITING, 1)
    assert (second.state, offered_slot(second)) == (EntryState.OFFERED, booking.slot)
    assert told(session, first.person) == ["offered", "offer_ran_out"]
    assert told(session, second.person) == ["offered"]


def test_an_offer_cannot_be_accepted_after_its_deadline(session, scene):
    booking = scene.ask()
    entry = join(scene)
    cancel(booking)
    with pytest.raises(OfferOver):
        waiting.accept(entry.reference, by=entry.person, at=entry.standing_offer.answer_by)


def test_an_entry_lapses_when_offers_go_unanswered(session, scene):
    entry = join(scene, until=WEDNESDAY + 20 * HOUR)
    for start in (TUESDAY, WEDNESDAY):
        cancel(scene.ask(starts_at=start))
        services.expire_due(entry.standing_offer.answer_by)
    assert (entry.state, entry.missed) == (EntryState.LAPSED, 2)


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
    lift_closure(scene.instrument.slug, closure.id, by=scene.manager, at=AT)
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


def test_leaving_with_an_offer_passes_it_on(session, scene):
    booking = scene.ask()
    first, second = join(scene), join(scene)
    cancel(booking)
    waiting.leave(first.reference, by=first.person, at=AT)
    assert (first.state, second.state) == (EntryState.LEFT, EntryState.OFFERED)
    with pytest.raises(NotWaiting):
        waiting.leave(first.reference, by=first.person, at=AT)
    assert queries.view_of(first).place is None
    assert queries.view_of(second).place == 1


def test_nobody_answers_for_somebody_else(session, scene):
    booking = scene.ask()
    entry = join(scene)
    cancel(booking)
    for act in (waiting.accept, waiting.decline, waiting.leave):
        for person in (scene.applicant, scene.manager):
            with pytest.raises(NotFound):
                act(entry.reference, by=person, at=AT)
    assert entry.state == EntryState.OFFERED
    with pytest.raises(Forbidden):
        queries.line_of(scene.applicant, scene.instrument.slug)
    _, line = queries.line_of(scene.manager, scene.instrument.slug)
    assert [view.entry for view in line] == [entry]


IMPOSSIBLE = [
    ({"until": TUESDAY - 5 * HOUR}, "until"),
    ({"since": AT - 9 * HOUR, "until": AT - HOUR}, "until"),
    ({"until": TUESDAY + timedelta(days=400)}, "until"),
    ({"minutes": 15}, "minutes"),
    ({"minutes": 600}, "minutes"),
    ({"minutes": 245}, "minutes"),
    ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ({"access_mode": "data"}, "access_mode"),
    ({"not_before": time(9), "not_after": time(12)}, "until"),
    ({"weekdays": frozenset({"sun"})}, "until"),
    ({"instrument": "none"}, "instrument"),
    ({"project": "P-none"}, "project"),
]


def test_a_wish_that_cannot_come_true_is_refused(session, scene):
    for values, field in IMPOSSIBLE:
        with pytest.raises(InvalidInput) as refusal:
            join(scene, scene.applicant, **values)
        assert field in refusal.value.fields, values
    with pytest.raises(AgreementNotUsable):
        join(scene, scene.applicant, agreement="A-none")
    assert queries.entries_of(scene.applicant).total == 0


def test_one_entry_for_each_wish_and_only_so_many(session, scene):
    person = someone()
    join(scene, person)
    with pytest.raises(AlreadyWaiting):
        join(scene, person)
    for number in range(1, MOST_ENTRIES):
        join(scene, person, minutes=30 * number if number != 8 else 480)
    with pytest.raises(WaitingListFull):
        join(scene, person, since=TUESDAY)


def test_the_agreement_that_was_chosen_goes_with_the_offer(session, scene):
    person = someone()
    host = scene.instrument.facility.host
    make_agreement(host, person.institution)
    chosen = make_agreement(host, person.institution, reference="Z-chosen")
    booking = scene.ask()
    entry = join(scene, person, agreement="Z-chosen")
    cancel(booking)
    assert entry.standing_offer.booking.agreement == chosen


def test_the_worker_offers_what_is_free_without_having_been_told(session, scene):
    first, second = join(scene), join(scene, at=AT + HOUR)
    session.commit()
    sweep(AT + HOUR)  # the whole day is free, and both fit
    assert offered_slot(first) == Interval(TUESDAY - 4 * HOUR, TUESDAY)
    assert offered_slot(second) == Interval(TUESDAY, TUESDAY + 4 * HOUR)
    assert waiting.due_lines(AT + 2 * HOUR) == []


def test_an_entry_is_over_when_its_window_is(session, scene):
    entry = join(scene)
    assert waiting.close_over(entry.until - HOUR) == 0
    assert waiting.close_over(entry.until) == 1
    session.refresh(entry)
    assert entry.state == EntryState.OVER


def test_freeing_time_that_nobody_waits_for_costs_two_statements(session, scene, count_queries):
    quiet, busy = scene.ask(), scene.ask(starts_at=WEDNESDAY)
    join(scene, weekdays=frozenset({"sun"}), since=AT, until=AT + timedelta(days=9))
    session.commit()
    with count_queries() as queries_made:
        cancel(quiet)
    about_waiting = [s for s in queries_made.statements if "waiting" in s or "watch" in s]
    assert len(about_waiting) <= 3, queries_made  # the line, what its people were offered, watchers
    cancel(busy)


def test_a_list_takes_as_many_statements_as_one_entry(session, scene, count_queries):
    person = someone()
    booking = scene.ask()
    join(scene, person)
    cancel(booking)
    session.commit()

    def statements() -> int:
        session.expunge_all()
        with count_queries() as counted:
            queries.entries_of(person)
        return counted.count

    one = statements()
    for minutes in (30, 60, 90):
        waiting.join(
            wish(session.merge(scene.instrument), minutes=minutes), by=session.merge(person), at=AT
        )
    session.commit()
    assert statements() == one <= 4


# --- at the same moment -----------------------------------------------------------------------


def test_two_who_free_time_at_once_serve_two_in_line_and_nobody_twice(app, session):
    scene = make_scene()
    bookings = [scene.ask(starts_at=TUESDAY + n * 4 * HOUR) for n in range(4)]
    entries = [join(scene, until=TUESDAY + 40 * HOUR) for _ in range(4)]
    references = [each.reference for each in bookings]
    applicant_id = scene.applicant.id
    session.commit()
    _at_once([_cancelling(app, each, applicant_id) for each in references])
    session.expire_all()
    offers = session.scalars(select(WaitingOffer)).all()
    assert len({each.entry_id for each in offers}) == len(offers) == 4 == holds(session)
    assert {each.state for each in entries} == {EntryState.OFFERED}


def test_sweeping_and_freeing_at_once_never_offers_the_same_time_twice(app, session):
    scene = make_scene()
    booking = scene.ask()
    for _ in range(3):
        join(scene, since=TUESDAY, until=TUESDAY + 4 * HOUR)
    reference, applicant_id = booking.reference, scene.applicant.id
    session.commit()

    def look() -> None:
        with app.app_context():
            sweep(AT + 2 * HOUR)

    _at_once([_cancelling(app, reference, applicant_id), look, look])
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(WaitingOffer)) == 1 == holds(session)


def _cancelling(app, reference, applicant_id):
    def run() -> None:
        from instrument_share.foundation.database import db
        from instrument_share.identity.models import Person

        with app.app_context():
            by = db.session.get(Person, applicant_id)
            perform(services.cancel, reference, by=by, at=AT, version=None)

    return run


def _at_once(acts) -> None:
    gate, failures = threading.Barrier(len(acts)), []

    def run(act) -> None:
        gate.wait(timeout=30)
        try:
            act()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


# --- watching ---------------------------------------------------------------------------------


def test_who_watches_is_told_of_time_that_is_still_free(session, scene):
    booking = scene.ask()
    person = someone()
    waiting.watch(WatchRequest(scene.instrument.slug), by=person, at=AT - HOUR)
    cancel(booking)
    assert tell_watchers(AT) == 0  # those who wait come first
    assert tell_watchers(AT + HOUR) == 1
    assert told(session, person) == ["freed_time"]
    assert tell_watchers(AT + 2 * HOUR) == 0


def test_time_that_somebody_took_is_not_told(session):
    scene = make_scene(opening={"tue": ["12:00-16:00"]})
    booking, entry, person = scene.ask(), join(scene), someone()
    waiting.watch(WatchRequest(scene.instrument.slug, days=3), by=person, at=AT - HOUR)
    cancel(booking)
    assert entry.state == EntryState.OFFERED
    assert tell_watchers(AT + HOUR) == 0
    assert told(session, person) == []


def test_a_watcher_is_told_once_a_day_of_everything_since(session, scene):
    person = someone()
    waiting.watch(WatchRequest(scene.instrument.slug, days=10, minutes=120), by=person, at=AT)
    for n in range(3):
        at = AT + n * HOUR + HOUR
        cancel(scene.ask(starts_at=WEDNESDAY + n * 8 * HOUR, at=at), at)
        tell_watchers(at + HOUR)
    assert told(session, person) == ["freed_time"]
    assert tell_watchers(AT + 26 * HOUR) == 1
    assert told(session, person) == ["freed_time"] * 2
    waiting.stop_watching(scene.instrument.slug, by=person)
    assert session.scalar(select(func.count()).select_from(Watch)) == 0


def test_freed_time_is_forgotten_in_the_end(session, scene):
    booking = scene.ask()
    waiting.watch(WatchRequest(scene.instrument.slug), by=someone(), at=AT)
    cancel(booking)
    perform(waiting.forget_freed, AT + timedelta(days=3))
    assert session.scalar(select(func.count()).select_from(FreedTime)) == 0


def test_nothing_is_remembered_where_nobody_watches(session, scene):
    cancel(scene.ask())
    assert session.scalar(select(func.count()).select_from(FreedTime)) == 0


@pytest.mark.parametrize("values", [{"days": 0}, {"days": 91}, {"minutes": 481}])
def test_a_watch_that_means_nothing_is_refused(session, scene, values):
    with pytest.raises(InvalidInput):
        waiting.watch(
            replace(WatchRequest(scene.instrument.slug), **values), by=scene.applicant, at=AT
        )
