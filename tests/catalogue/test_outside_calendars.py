"""Outside calendars from subscription to closure: replaced only by what was read, never silently wrong."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

import pytest
from sqlalchemy import select

from instrument_share.catalogue.models import OpeningException
from instrument_share.catalogue.outside import services
from instrument_share.catalogue.outside.fetching import Known
from instrument_share.catalogue.outside.models import OutsideCalendar
from instrument_share.catalogue.outside.refreshing import refresh_due
from instrument_share.catalogue.outside.rules import EVERY, KEPT, CalendarFault, Fault
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound
from instrument_share.foundation.interval import Interval
from instrument_share.foundation.signals import instrument_changed
from instrument_share.identity.rules import Role
from instrument_share.notification.models import Message
from tests.catalogue.test_outside_fetching import serving, told
from tests.catalogue.test_outside_reading import calendar
from tests.support.builders import AT, make_instrument, make_person, make_staff

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SLOTS = [Interval(AT + DAY, AT + 2 * DAY), Interval(AT + 3 * DAY, AT + 4 * DAY)]
TITLE = {"en": "Beam schedule"}
FAULT = CalendarFault(Fault.STATUS, 404)


@pytest.fixture
def instrument(session):
    return make_instrument(slug="tem")


@pytest.fixture
def manager(instrument):
    return make_staff(Role.FACILITY_MANAGER, instrument.facility)


@pytest.fixture
def followed(instrument, manager) -> OutsideCalendar:
    return services.subscribe("tem", "webcal://a.example/c.ics", TITLE, by=manager, at=AT)


def closures(session) -> list[Interval]:
    rows = session.scalars(select(OpeningException).order_by(OpeningException.starts_at))
    return [row.slot for row in rows]


def read(followed, slots, at=AT) -> None:
    assert services.claim_due(at, worker="w") is followed
    services.record_read(followed.id, slots, Known('"1"'), worker="w", at=at)


def fail(followed, at) -> None:
    assert services.claim_due(at, worker="w") is followed
    services.record_failure(followed.id, FAULT, worker="w", at=at)


def test_only_managers_follow_calendars_and_only_of_the_web(instrument, manager, followed):
    assert followed.url == "https://a.example/c.ics"
    with pytest.raises(Forbidden):
        services.subscribe("tem", "https://a.example/", TITLE, by=make_person(), at=AT)
    with pytest.raises(InvalidInput):
        services.subscribe("tem", "file:///etc/passwd", TITLE, by=manager, at=AT)
    make_instrument(facility=instrument.facility, slug="other")
    with pytest.raises(NotFound):
        services.unsubscribe("other", followed.id, by=manager, at=AT)


def test_two_workers_never_fetch_the_same_and_a_dead_one_is_taken_over(session, followed):
    assert services.claim_due(AT, worker="a") is followed
    assert services.claim_due(AT, worker="b") is None
    later = AT + HOUR
    assert services.claim_due(later, worker="b") is followed
    services.record_read(followed.id, SLOTS, Known(), worker="a", at=later)
    assert closures(session) == []  # it is no longer the first one's to write
    services.record_read(followed.id, SLOTS, Known(), worker="b", at=later)
    assert closures(session) == SLOTS
    assert followed.next_fetch_at == later + EVERY


def test_what_was_read_replaces_what_is_to_come_and_keeps_what_is_over(session, followed):
    read(followed, SLOTS)
    later = SLOTS[0].end + HOUR
    fresh = [Interval(later + DAY, later + 2 * DAY)]
    read(followed, fresh, later)
    assert closures(session) == [SLOTS[0], *fresh]
    assert {row.outside_calendar_id for row in session.query(OpeningException)} == {followed.id}


def test_nobody_is_told_of_a_calendar_that_stays_as_it_is(followed):
    changes: list[object] = []
    hear = lambda instrument, **_: changes.append(instrument)  # noqa: E731
    with instrument_changed.connected_to(hear):
        read(followed, SLOTS)
        read(followed, SLOTS, AT + EVERY)
        read(followed, None, AT + 2 * EVERY)
    assert len(changes) == 1


def test_a_failing_calendar_closes_for_a_week_and_then_no_more(session, followed):
    slots = [Interval(AT + 20 * DAY, AT + 21 * DAY)]
    read(followed, slots)
    fail(followed, AT + HOUR)
    assert (followed.failing_since, followed.last_error) == (AT + HOUR, "status_404")
    fail(followed, AT + KEPT)
    assert closures(session) == slots
    fail(followed, AT + KEPT + EVERY)
    assert closures(session) == []
    assert followed.failing_since == AT + HOUR
    read(followed, slots, AT + KEPT + 2 * EVERY)
    assert closures(session) == slots
    assert (followed.failing_since, followed.last_error) == (None, "")


def test_managers_are_told_once_for_each_time_it_breaks(session, followed, manager):
    def messages() -> int:
        return session.query(Message).filter_by(kind="calendar_failing").count()

    read(followed, SLOTS)
    counts = []
    for hours in (1, 2, 3, 4, 30):
        fail(followed, AT + hours * HOUR)
        counts.append(messages())
    assert counts == [0, 0, 1, 1, 1]
    read(followed, SLOTS, AT + 31 * HOUR)
    for hours in (32, 35):
        fail(followed, AT + hours * HOUR)
    assert messages() == 2
    assert {row.person_id for row in session.query(Message)} == {manager.id}


def test_an_unchanged_calendar_is_read_again_before_its_recurrences_run_out(instrument, followed):
    assert services.known_of(followed, AT) == Known()
    read(followed, SLOTS)
    assert services.known_of(followed, AT + DAY) == Known('"1"')
    assert services.known_of(followed, AT + 36 * DAY) == Known()
    instrument.horizon_days += 90
    assert services.known_of(followed, AT + DAY) == Known()


def test_following_no_longer_takes_its_closures_away(session, followed, manager):
    read(followed, SLOTS)
    services.unsubscribe("tem", followed.id, by=manager, at=AT)
    assert closures(session) == []
    assert session.query(OutsideCalendar).count() == 0


def test_the_worker_fetches_reads_and_writes(session, instrument, manager):
    event = f"DTSTART:{SLOTS[0].start:%Y%m%dT%H%M%SZ}\r\nDTEND:{SLOTS[0].end:%Y%m%dT%H%M%SZ}"
    local = [ip_network("127.0.0.0/8")]

    def round_at(at, allowed) -> OutsideCalendar:
        assert refresh_due(worker="w", now=lambda: at, allowed=allowed) == 1
        session.expire_all()
        return session.scalars(select(OutsideCalendar)).one()

    with serving(told(200, calendar(event))) as url:
        services.subscribe("tem", url, TITLE, by=manager, at=AT)
        session.commit()
        assert round_at(AT, ()).last_error == "refused_address"
        assert closures(session) == []
        assert round_at(AT + EVERY, local).failing_since is None
        assert closures(session) == SLOTS[:1]
        (row,) = session.query(OpeningException)
        assert row.reason == TITLE
    assert round_at(AT + 2 * EVERY, local).last_error == "unreachable"
    assert closures(session) == SLOTS[:1]
