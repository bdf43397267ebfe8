"""Closures, openings and blockings as they are entered: when they are, and how they are taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from instrument_share.catalogue.closing import services
from instrument_share.catalogue.closing.rules import MOST_WEEKS, TooManyWeeks, stretches_of
from instrument_share.catalogue.models import OpeningException
from instrument_share.catalogue.rules import ExceptionKind
from instrument_share.catalogue.values import Plan
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound
from instrument_share.foundation.interval import Interval
from instrument_share.identity.rules import Role
from tests.support.builders import AT, make_closure, make_instrument, make_person, make_staff

DAY = timedelta(days=1)
SOON = Interval(AT + DAY, AT + 2 * DAY)
BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


def local(stretches: list[Interval], zone: ZoneInfo) -> list[str]:
    return [f"{it.start.astimezone(zone):%m-%d %H:%M}" for it in stretches]


def test_a_weekly_plan_keeps_its_wall_time_across_a_change_of_clocks():
    first = Interval(datetime(2026, 3, 20, 8, tzinfo=UTC), datetime(2026, 3, 20, 10, tzinfo=UTC))
    plan = Plan(ExceptionKind.BLOCKING, first, {"en": "Course"}, weekly_until=date(2026, 4, 3))
    found = stretches_of(plan, BERLIN)
    assert local(found, BERLIN) == ["03-20 09:00", "03-27 09:00", "04-03 09:00"]
    assert [it.start.hour for it in found] == [8, 8, 7]
    assert {it.duration for it in found} == {timedelta(hours=2)}


def test_a_stretch_that_the_clocks_skip_is_left_out():
    start = datetime(2026, 3, 22, 1, 15, tzinfo=UTC)
    first = Interval(start, start + timedelta(minutes=30))  # 02:15 to 02:45 in Berlin
    plan = Plan(ExceptionKind.CLOSURE, first, weekly_until=date(2026, 4, 5))
    assert local(stretches_of(plan, BERLIN), BERLIN) == ["03-22 02:15", "04-05 02:15"]


def test_weeks_are_bounded():
    last = (SOON.start + MOST_WEEKS * 7 * DAY).date()
    with pytest.raises(TooManyWeeks):
        stretches_of(Plan(ExceptionKind.CLOSURE, SOON, weekly_until=last), SHANGHAI)
    plan = Plan(ExceptionKind.CLOSURE, SOON, weekly_until=last - 7 * DAY)
    assert len(stretches_of(plan, SHANGHAI)) == MOST_WEEKS


@pytest.fixture
def instrument(session):
    return make_instrument(slug="tem")


@pytest.fixture
def manager(instrument):
    return make_staff(Role.FACILITY_MANAGER, instrument.facility)


def rows(session) -> list[OpeningException]:
    return list(session.scalars(select(OpeningException).order_by(OpeningException.starts_at)))


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan(ExceptionKind.CLOSURE, Interval(AT - DAY, AT)), "ends_on"),
        (Plan(ExceptionKind.CLOSURE, Interval(AT, AT + 4000 * DAY)), "ends_on"),
        (Plan(ExceptionKind.BLOCKING, SOON), "title"),
        (Plan(ExceptionKind.CLOSURE, SOON, weekly_until=date(2028, 1, 1)), "weekly_until"),
        (Plan(ExceptionKind.CLOSURE, SOON, weekly_until=date(2026, 3, 1)), "weekly_until"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(session, instrument, manager, plan, field):
    with pytest.raises(InvalidInput) as refused:
        services.enter("tem", plan, by=manager, at=AT)
    assert list(refused.value.fields) == [field]


def test_lifting_ends_what_has_begun_and_removes_what_is_to_come(session, instrument, manager):
    running = make_closure(instrument, Interval(AT - DAY, AT + DAY))
    coming = make_closure(instrument, SOON)
    for row in (running, coming):
        services.lift("tem", row.id, by=manager, at=AT)
    assert rows(session) == [running]
    assert running.ends_at == AT
    with pytest.raises(NotFound):
        services.lift("tem", running.id, by=manager, at=AT)


def test_every_week_of_a_series_is_lifted_together_or_one_alone(session, instrument, manager):
    plan = Plan(ExceptionKind.BLOCKING, SOON, {"en": "Course"}, weekly_until=(AT + 22 * DAY).date())
    entered = services.enter("tem", plan, by=manager, at=AT)
    assert len(entered) == 4
    services.lift("tem", entered[1].id, by=manager, at=AT)
    assert len(rows(session)) == 3
    services.lift("tem", entered[2].id, by=manager, at=AT, series=True)
    assert rows(session) == []


def test_what_is_another_instruments_or_nobodys_is_not_found(session, instrument, manager):
    elsewhere = make_closure(make_instrument(), SOON)
    with pytest.raises(NotFound):
        services.lift("tem", elsewhere.id, by=manager, at=AT)
    with pytest.raises(Forbidden):
        services.enter("tem", Plan(ExceptionKind.CLOSURE, SOON), by=make_person(), at=AT)
