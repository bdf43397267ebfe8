"""What the database refuses by itself, whatever code speaks to it: raw SQL, no model, no service."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Integer, text
from sqlalchemy.exc import DBAPIError

from instrument_share.booking.rules import State
from instrument_share.foundation.database import UtcDateTime, db

APPEND_ONLY = (
    "audit_entry",
    "minutes_entry",
    "money_entry",
    "usage_record",
    "charge_line",
    "statement",
    "statement_line",
)

DAY, TOMORROW = "2026-03-02", "2026-03-03"
NIGHT, NINE, TEN, NOON = (f"{DAY} {hour}:00:00" for hour in ("00", "09", "10", "12"))
MORNING = {"starts_at": NINE, "ends_at": NOON, "held_from": NINE, "held_until": NOON}
BOOKING = MORNING | {"instrument_id": 1, "position": 1, "applicant_id": 1, "state": "confirmed"}
FIRST_HOLD = {"instrument_id": 1, "position": 1, "held_from": NINE, "held_until": NOON}

#: The least that a row of each ledger stands on, in the order of foreign keys. `insert` adds what a
#: column demands and the test does not care about.
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("institution", {"id": 1, "kind": "both"}),
    ("person", {"id": 1, "verification": "vouched"}),
    ("facility", {"id": 1, "host_id": 1}),
    ("instrument", {"id": 1, "facility_id": 1, "status": "in_service", "positions": 2}),
    (
        "agreement",
        {"id": 1, "state": "active", "valid_from": DAY, "valid_until": TOMORROW}
        | {"carry_rule": "none"},
    ),
    ("booking", BOOKING | {"id": 1, "reference": "B-1"}),
    ("booking", BOOKING | {"id": 2, "reference": "B-2"}),
    ("hold", FIRST_HOLD | {"id": 1, "booking_id": 1}),
    (
        "usage_record",
        {"id": 1, "booking_id": 1, "instrument_id": 1, "started_at": NINE, "ended_at": NOON},
    ),
    ("charge_line", {"id": 1, "usage_id": 1, "host_id": 1, "payer_id": 1}),
    (
        "minutes_entry",
        {"id": 1, "agreement_id": 1, "year": 2026, "minutes": 600}
        | {"kind": "grant", "debit": "granted", "credit": "available"},
    ),
    (
        "money_entry",
        {"id": 1, "charge_line_id": 1, "debit": "payer", "credit": "income", "amount_minor": 300},
    ),
    ("statement", {"id": 1, "payer_id": 1, "host_id": 1}),
    ("statement_line", {"charge_line_id": 1, "statement_id": 1}),
    ("audit_entry", {"sequence": 1, "previous_hash": ""}),
]


@pytest.fixture
def rows(session):
    """One row in every guarded table; no model takes part."""
    for table, values in ROWS:
        insert(session, table, values)
    session.commit()
    return session


def insert(session, table: str, values: dict[str, Any], verb: str = "INSERT") -> None:
    """Write a row by plain SQL, completed with a neutral value where a column must have one."""
    needed = [column for column in db.metadata.tables[table].columns if not column.nullable]
    row = {c.name: neutral(c) for c in needed if c.autoincrement is not True} | values
    columns, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    session.execute(text(f"{verb} INTO {table} ({columns}) VALUES ({places})"), row)


def neutral(column: Column[Any]) -> Any:
    match column.type:
        case UtcDateTime():
            return NOON
        case JSON():
            return "{}"
        case Boolean():
            return False
        case Integer():
            return 1 if "minutes" in column.name else 0
        case _:
            return any_code(column)


def any_code(column: Column[Any]) -> str:
    """The first of the codes that a column takes; nothing where it takes any text."""
    guards = (str(getattr(each, "sqltext", "")) for each in column.table.constraints)
    found = (re.match(rf"{column.name} IN \('(\w+)'", guard) for guard in guards)
    return next((each[1] for each in found if each), "")


def refuses(session, statement: str, message: str) -> None:
    """Assert that the database refuses, and that nothing of the statement remains."""
    with pytest.raises(DBAPIError, match=message):
        session.execute(text(statement))
    session.rollback()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("booking", "access_mode = 'by_post'"),
        ("facility", "kind = ''"),
        ("instrument", "safety_class = 'spicy'"),
    ],
)
def test_a_code_that_no_enum_has_is_refused(rows, table, change):
    column = change.split()[0]
    refuses(rows, f"UPDATE {table} SET {change} WHERE id = 1", f"ck_{table}_{column}")


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "change", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"]
)
def test_what_was_written_stays_as_it_was(rows, table, change):
    column = "action" if table == "audit_entry" else "statement_id"
    column = column if table in ("audit_entry", "statement_line") else "id"
    refuses(rows, change.format(table=table, column=column), "append_only")
    assert rows.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_nor_by_a_way_around_the_row_triggers(rows, database, table):
    if database.kind == "postgresql":
        refuses(rows, f"TRUNCATE {table} CASCADE", "append_only")
    else:
        with pytest.raises(DBAPIError, match=r"append_only|audit_chain"):
            insert(rows, table, dict(ROWS)[table], verb="INSERT OR REPLACE")
        rows.rollback()


@pytest.mark.parametrize(
    "values", [{"sequence": 3}, {"sequence": 2, "previous_hash": "another"}], ids=["gap", "branch"]
)
def test_an_entry_of_the_trail_follows_the_last_one(rows, values):
    with pytest.raises(DBAPIError, match="audit_chain"):
        insert(rows, "audit_entry", {"previous_hash": ""} | values)
    rows.rollback()


def hold(values: dict[str, Any]) -> dict[str, Any]:
    """The second booking's hold: on the first one's position and time but for `values`."""
    return FIRST_HOLD | {"id": 2, "booking_id": 2} | values


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"held_from": TEN, "held_until": "2026-03-02 11:00:00"},
        {"held_from": NIGHT, "held_until": "2026-03-02 09:01:00"},
        {"held_from": NIGHT, "held_until": "2026-03-03 00:00:00"},
    ],
    ids=["same", "inside", "one minute", "around"],
)
def test_two_holds_on_a_position_never_overlap(rows, values):
    with pytest.raises(DBAPIError, match="hold_overlap"):
        insert(rows, "hold", hold(values))
    rows.rollback()


@pytest.mark.parametrize(
    "values",
    [
        {"held_from": NIGHT, "held_until": NINE},
        {"held_from": NOON, "held_until": "2026-03-02 13:00:00"},
        {"position": 2},
    ],
    ids=["before", "after", "other position"],
)
def test_holds_may_touch_and_share_a_time_on_another_position(rows, values):
    insert(rows, "hold", hold(values))
    rows.commit()
    assert rows.execute(text("SELECT count(*) FROM hold")).scalar_one() == 2


def test_a_hold_cannot_be_moved_onto_another(rows):
    insert(rows, "hold", hold({"position": 2}))
    rows.commit()
    refuses(rows, "UPDATE hold SET position = 1 WHERE id = 2", "hold_overlap")


def test_a_booking_is_in_a_state_of_its_lifecycle(rows):
    for state in State:
        rows.execute(text("UPDATE booking SET state = :state"), {"state": state.value})
    rows.commit()
    refuses(rows, "UPDATE booking SET state = 'waitlisted'", "ck_booking_state")
    with pytest.raises(DBAPIError, match="ck_booking_state"):
        insert(rows, "booking", BOOKING | {"id": 3, "reference": "B-3", "state": ""})
    rows.rollback()


RESERVATION = {"kind": "reserve", "agreement_id": 1, "year": 2026, "booking_id": 2} | {
    "debit": "available",
    "credit": "reserved",
}


def test_no_more_minutes_are_reserved_than_were_granted(rows):
    insert(rows, "minutes_entry", RESERVATION | {"id": 2, "minutes": 600})
    rows.commit()
    with pytest.raises(DBAPIError, match="quota_exhausted"):
        insert(rows, "minutes_entry", RESERVATION | {"id": 3, "minutes": 1})
    rows.rollback()


def test_a_year_without_a_grant_has_nothing_to_reserve(rows):
    with pytest.raises(DBAPIError, match="quota_exhausted"):
        insert(rows, "minutes_entry", RESERVATION | {"id": 2, "year": 2027, "minutes": 1})
    rows.rollback()


@pytest.mark.parametrize("minutes", [0, -60])
def test_a_ledger_row_moves_a_positive_amount(rows, minutes):
    with pytest.raises(DBAPIError, match="positive"):
        insert(rows, "minutes_entry", RESERVATION | {"id": 2, "minutes": minutes})
    rows.rollback()
