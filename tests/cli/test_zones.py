"""`instrument-share check-zones`: zone data are renewed, and bookings stand at another wall time than before.

The case is Kazakhstan's of 2024: Almaty went from UTC+6 to UTC+5 on 1 March, told six weeks before, while bookings for
spring had been made by clocks that would still be an hour ahead.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from instrument_share.booking import services
from instrument_share.booking.history import history_of
from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.rules import State
from instrument_share.cli.zones import check_zones
from instrument_share.foundation.clock import zone
from instrument_share.foundation.localtime import wall_of
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.builders import (
    make_booking,
    make_facility,
    make_host,
    make_instrument,
    make_person,
)
from tests.support.zone_data import zone_data

ASKED = datetime(2024, 1, 15, 4, tzinfo=UTC)
MARCH = datetime(
    2024, 3, 5, 3, tzinfo=UTC
)  # 09:00 by the clocks of January's zone data, 08:00 by those of March
OFFICE_HOURS = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
HOUR = timedelta(hours=1)


@pytest.fixture
def almaty(session, tmp_path):
    """An instrument in Almaty with three bookings in a row, made with the zone data of before."""
    with zone_data(tmp_path, Asia__Almaty="<+06>-6"):
        facility = make_facility(make_host(country="KZ", time_zone="Asia/Almaty"))
        instrument = make_instrument(facility, opening=OFFICE_HOURS, granularity_minutes=60)
        person = make_person(facility.host)
        bookings = [
            make_booking(instrument, person, at=ASKED, starts_at=MARCH + number * HOUR, hours=1)
            for number in range(3)
        ]
        session.commit()
        yield bookings


@pytest.fixture
def run(app, session):
    def run(*arguments: str, at: datetime = ASKED + timedelta(days=20)):
        with time_machine.travel(at, tick=False):
            done = app.test_cli_runner().invoke(check_zones, arguments)
        session.expire_all()
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done

    return run


@pytest.fixture
def renewed(almaty, tmp_path):
    """The same bookings, after the zone data were renewed."""
    with zone_data(tmp_path, Asia__Almaty="<+05>-5"):
        yield almaty


def references(done) -> list[str]:
    return [each["reference"] for each in json.loads(done.output)["moved"]]


def starts(bookings) -> list[datetime]:
    return [booking.starts_at for booking in bookings]


def test_as_long_as_zone_data_stay_nothing_is_found(almaty, run):
    done = run()
    assert done.exit_code == 0
    assert done.output == "Every booking is at the wall time that it was made for.\n"


def test_what_moved_is_listed_with_a_proposal_and_left_alone(renewed, run):
    before = starts(renewed)
    done = run("--json")
    found = json.loads(done.output)["moved"]
    assert done.exit_code == 1
    assert [each["reference"] for each in found] == [booking.reference for booking in renewed]
    assert found[0] == {
        "reference": renewed[0].reference,
        "instrument": renewed[0].instrument.slug,
        "time_zone": "Asia/Almaty",
        "state": "submitted",
        "starts_at": "2024-03-05T03:00:00Z",
        "ends_at": "2024-03-05T04:00:00Z",
        "made_for": ["2024-03-05T09:00:00", "2024-03-05T10:00:00"],
        "now_shows": ["2024-03-05T08:00:00", "2024-03-05T09:00:00"],
        "outside_opening_hours": True,
        "proposed": ["2024-03-05T04:00:00Z", "2024-03-05T05:00:00Z"],
        "in_the_way": [],
    }
    assert [each["outside_opening_hours"] for each in found] == [True, False, False]
    assert starts(renewed) == before


def test_the_same_for_people(renewed, run):
    lines = run().output.splitlines()
    assert lines[1:4] == [
        "    made for   2024-03-05 09:00 to 2024-03-05 10:00",
        "    now shows  2024-03-05 08:00 to 2024-03-05 09:00, which is outside the opening hours",
        "    proposed   2024-03-05T04:00:00Z to 2024-03-05T05:00:00Z",
    ]
    assert lines[-1] == "3 bookings are at another wall time than they were made for."


def test_bookings_in_a_row_move_together_and_their_people_are_told(renewed, run, session):
    done = run("--apply-all")
    assert done.exit_code == 0, done.output
    assert starts(renewed) == [MARCH + (number + 1) * HOUR for number in range(3)]
    walls = [wall_of(booking.starts_at, zone("Asia/Almaty")).hour for booking in renewed]
    assert walls == [9, 10, 11]
    held = session.execute(select(Hold.booking_id, Hold.held_from).order_by(Hold.held_from)).all()
    assert held == [(booking.id, booking.starts_at) for booking in renewed]
    assert [history_of(booking)[-1].action for booking in renewed] == ["follow-clocks"] * 3
    told = session.scalars(select(Message).where(Message.kind == Kind.CLOCKS_CHANGED)).all()
    assert [message.booking_id for message in told] == [renewed[n].id for n in (2, 1, 0)]
    assert "METHOD:REQUEST" in compose(told[0]).as_string()
    assert run().exit_code == 0


def test_one_that_was_approved_stays_approved(renewed, run, session):
    first = renewed[2]
    session.execute(Booking.__table__.update().values(state=State.CONFIRMED))
    session.commit()
    run("--apply", first.reference)
    assert (first.state, first.starts_at) == (State.CONFIRMED, MARCH + 3 * HOUR)


def test_where_somebody_else_holds_the_time_the_booking_stays_and_that_is_told(
    renewed, run, session
):
    last = renewed[2]
    other = make_booking(
        last.instrument, last.applicant, at=ASKED, starts_at=MARCH + 3 * HOUR, hours=1
    )
    session.commit()
    found = json.loads(run("--json").output)["moved"]
    assert [each["in_the_way"] for each in found] == [[], [], [other.reference]]
    done = json.loads(run("--json", "--apply", last.reference).output)
    assert [(each["reference"], each["error"]["code"]) for each in done["done"]] == [
        (last.reference, "slot_taken")
    ]
    assert last.starts_at == MARCH + 2 * HOUR
    assert session.scalar(select(func.count()).select_from(Hold)) == 4


def test_a_booking_can_be_left_where_it_is(renewed, run, session):
    kept = renewed[1]
    run("--keep", kept.reference)
    assert kept.starts_at == MARCH + HOUR
    assert kept.reference not in references(run("--json"))
    told = session.scalars(select(Message.booking_id).where(Message.kind == Kind.CLOCKS_CHANGED))
    assert told.all() == [kept.id]


def test_what_cannot_be_moved_says_why(renewed, run):
    done = json.loads(run("--json", "--keep", "B-NOSUCH").output)
    assert done["done"][0]["error"]["code"] == "not_found"
    run("--apply", renewed[2].reference)
    again = json.loads(run("--json", "--apply", renewed[2].reference).output)
    assert again["done"][0]["error"]["code"] == "clocks_agree"


def test_what_is_over_or_let_go_is_nobodys_business(renewed, run, session):
    services.cancel(renewed[0].reference, by=renewed[0].applicant, at=ASKED, version=None)
    session.commit()
    assert references(run("--json")) == [booking.reference for booking in renewed[1:]]
    assert run(at=MARCH + 5 * HOUR).exit_code == 0


def test_a_new_time_is_made_for_what_the_new_clocks_show(renewed, run, session):
    moved = renewed[0]
    services.reschedule(
        moved.reference, by=moved.applicant, at=ASKED, version=None,
        starts_at=MARCH + 7 * HOUR, ends_at=MARCH + 8 * HOUR,
    )  # fmt: skip
    session.commit()
    assert moved.wall_starts_at == datetime(2024, 3, 5, 15)
    assert moved.reference not in references(run("--json"))
