"""`instrument-share check --availability` finds what was tampered with, and names it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from instrument_share.booking.availability import search
from instrument_share.booking.models import Hold
from instrument_share.cli.check import check as check_command
from tests.support.builders import AT, make_booking, make_institution, make_instrument, make_person

pytestmark = pytest.mark.usefixtures("present")


@pytest.fixture
def booked(session):
    """An instrument with a booking tomorrow."""
    instrument = make_instrument(slug="tem", positions=2, setup_minutes=30)
    make_instrument(slug="sem", granularity_minutes=60, shortest_minutes=60)
    booking = make_booking(instrument, make_person(make_institution()))
    session.commit()
    return booking


def check(app, *options: str):
    """Exit status and findings."""
    command = ["--availability", "--json", *options]
    result = app.test_cli_runner().invoke(check_command, command, catch_exceptions=False)
    return result.exit_code, [each["told"] for each in json.loads(result.output)["findings"]]


def test_all_is_well_where_nothing_was_touched(app, booked) -> None:
    assert check(app, "--all") == (0, ["what is shown as free is what can be had."])


def test_a_hold_that_is_gone_is_named(app, session, booked) -> None:
    session.execute(text("DELETE FROM hold"))
    session.commit()
    assert check(app) == (1, [f"booking {booked.reference} holds no time."])


def test_a_hold_that_was_moved_is_named(app, session, booked) -> None:
    hold = session.query(Hold).one()
    hold.held_from += timedelta(hours=1)
    session.commit()
    assert check(app) == (1, [f"hold {hold.id} is not what booking {booked.reference} holds."])


def test_a_derived_column_that_no_longer_agrees_is_named(app, session, booked) -> None:
    for table, column, kind, value in (
        ("hold", "reach", "smallint", "5"),
        ("instrument", "slot_key", "text", "'x'"),
    ):
        index = "ix_hold_reach" if table == "hold" else "ix_instrument_slot_key"
        session.execute(text(f"DROP INDEX {index}"))
        session.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        session.execute(text(f"ALTER TABLE {table} ADD COLUMN {column} {kind} DEFAULT {value}"))
    session.commit()
    status, told = check(app)
    hold = session.query(Hold.id).scalar()
    assert status == 1
    assert f"hold {hold} is filed under class 5 of lengths and belongs to 2." in told
    assert "instrument sem has the key of tem, but not its hours and rules." in told


def test_a_search_that_finds_another_time_is_named(app, session, monkeypatch) -> None:
    instrument = make_instrument(slug="afm", setup_minutes=30)
    make_booking(instrument, make_person(make_institution()), starts_at=AT + timedelta(minutes=30))
    session.commit()
    monkeypatch.setattr(search, "held_on", lambda places, window: {})
    status, (told,) = check(app)
    assert status == 1
    assert told.startswith("afm: the search calls it first free at 2026-03-02 04:00")
