"""The one chain of migrations, up and down, on both engines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Table, inspect, text

from instrument_share.access.rules import Level
from instrument_share.access.screening.rules import ScreeningClass
from instrument_share.booking.series.planning import OnConflict
from instrument_share.cli.database import migrate, migrate_back
from instrument_share.foundation.database import Code, db
from tests.support.marks import sqlite_only

#: Made by hand in each engine's form, and unknown to the models.
BY_HAND = ("instrument_search", "alembic_version")

#: Short words that no enum closes, or one that grows with every room.
OPEN_CODES = {
    "audit_entry.subject_kind": "every room has things of its own",
    "instrument.symbol": "a drawing in static/img",
    "letter.languages": "written for good, whichever are offered now",
    "message.kind": "a message that is sent stays, whatever becomes of its kind",
    "openid_attempt.provider": "the operator's settings name them",
    "outside_calendar.last_error": "with a status code in it",
    "visit.letter_languages": "as in the letter",
}
#: Codes of enums that a table cannot import from the floors above it.
WRITTEN_OUT = {
    ("instrument", "qualification"): Level,
    ("instrument", "screening_class"): ScreeningClass,
    ("series", "on_conflict"): OnConflict,
}

CHECKING_TRIGGERS = (
    "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ck_%'"
)


@pytest.fixture
def connected(app):
    """The application context that migrations and inspection run in."""
    with app.app_context():
        yield
        db.session.remove()


def own_tables() -> set[str]:
    names = inspect(db.engine).get_table_names()
    return {name for name in names if not name.startswith(BY_HAND)}


def test_down_to_nothing_and_up_again(connected):
    full = own_tables()
    migrate_back("base")
    assert own_tables() == set()
    assert remaining_routines() == []
    migrate()
    assert own_tables() == full == set(db.metadata.tables)


def test_each_step_can_be_taken_back(connected):
    migrate_back("-1")
    migrate()
    assert own_tables() == set(db.metadata.tables)


def test_models_and_schema_agree(connected):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_ours}
        )
        assert compare_metadata(context, db.metadata) == []


def test_the_database_knows_the_codes_of_the_enums_and_no_others(connected):
    models = (
        (table.name, str(guard.sqltext))
        for table in db.metadata.sorted_tables
        for guard in table.constraints
        if isinstance(guard, CheckConstraint)
    )
    assert codes_in(kept_by_the_database()) == codes_in(models)


@sqlite_only  # it is about the models
def test_every_code_is_checked_or_open_for_a_reason(connected):
    unchecked = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.type is Code and not is_checked(table, column.name)
    }
    assert unchecked == set(OPEN_CODES)
    for (table, column), enum in WRITTEN_OUT.items():
        (guard,) = guards_of(db.metadata.tables[table], column)
        assert codes_in([(table, guard)]) == {(table, frozenset(enum))}


def is_checked(table: Table, column: str) -> bool:
    return bool(guards_of(table, column))


def guards_of(table: Table, column: str) -> list[str]:
    guards = (str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint))
    return [guard for guard in guards if guard.startswith(f"{column} IN ")]


def kept_by_the_database() -> Iterator[tuple[str, str]]:
    """Tables and what is checked there; on SQLite also by triggers that stand for a check."""
    for (_, table), checks in inspect(db.engine).get_multi_check_constraints().items():
        yield from ((table, check["sqltext"]) for check in checks)
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            for table, trigger in connection.execute(text(CHECKING_TRIGGERS)):
                yield table, trigger.split("BEGIN")[0]


def codes_in(checks: Iterable[tuple[str, str]]) -> set[tuple[str, frozenset[str]]]:
    found = ((table, frozenset(re.findall(r"'(\w+)'", check))) for table, check in checks)
    return {(table, codes) for table, codes in found if codes}


def is_ours(_item: object, name: str | None, kind: str, *_: object) -> bool:
    return kind != "table" or not (name or "").startswith(BY_HAND)


def remaining_routines() -> list[str]:
    """Triggers on SQLite, functions of our own on PostgreSQL (not those of extensions)."""
    if db.engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"
        )
    with db.engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())
