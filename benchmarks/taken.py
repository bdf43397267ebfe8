"""An installation with ten thousand instruments and a million times taken: for measuring the search by time.

The search never looks at bookings, only at the time they hold. So holds are written alone and without their guards,
which makes ten million of them a matter of minutes.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from instrument_share import create_app
from instrument_share.cli.database import migrate
from instrument_share.demo.synthetic import generate
from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from instrument_share.settings import Settings
from tests.support.databases import Databases, environment, release

INSTRUMENTS = 10_000

#: A few dozen patterns of hours and rules, and two instruments in ten with two positions.
_PATTERNS = (
    "UPDATE instrument SET granularity_minutes = 60 WHERE id % 3 = 0",
    "UPDATE instrument SET setup_minutes = 15, teardown_minutes = 30 WHERE id % 4 = 0",
    "UPDATE instrument SET lead_minutes = 1440 WHERE id % 7 = 0",
    "UPDATE instrument SET positions = 2 WHERE id % 5 = 0",
    "UPDATE instrument SET holiday_territory = 'CN' WHERE id % 2 = 0",
    'UPDATE instrument SET opening = \'{"mon": ["08:30-18:00"], "tue": ["08:30-18:00"]}\' WHERE id % 6 = 1',
)
_UNGUARDED = {
    "postgresql": (
        "ALTER TABLE hold DROP CONSTRAINT hold_overlap",
        "ALTER TABLE hold DROP CONSTRAINT fk_hold_booking_id",
        "ALTER TABLE hold DROP CONSTRAINT uq_hold_booking_id_position",
    ),
    "sqlite": ("DROP TRIGGER hold_overlap_INSERT", "DROP TRIGGER hold_overlap_UPDATE"),
}
#: One to seven hours in every eight, each instrument in its own rhythm; as much in the past as to come.
_WRITE = {
    "postgresql": """
        INSERT INTO hold (instrument_id, position, held_from, held_until, booking_id)
        SELECT id, 1, s, s + (60 + (id + turn + 1000) % 13 * 30) * interval '1 minute', 0
        FROM generate_series(-CAST(:turns AS int) / 2, CAST(:turns AS int) / 2 - 1) AS turn
        CROSS JOIN instrument CROSS JOIN LATERAL (
            SELECT date_trunc('day', now()) + (id * 7919 % 16 * 30 + turn * 480) * interval '1 minute' AS s
        ) AS start""",
    "sqlite": """
        INSERT INTO hold (instrument_id, position, held_from, held_until, booking_id)
        WITH RECURSIVE turns(turn) AS (
            SELECT -:turns / 2 UNION ALL SELECT turn + 1 FROM turns WHERE turn + 1 < :turns / 2
        ), start AS (
            SELECT id, turn, strftime('%s', 'now', 'start of day') + (id * 7919 % 16 * 30 + turn * 480) * 60 AS s
            FROM turns CROSS JOIN instrument
        )
        SELECT id, 1, strftime('%Y-%m-%d %H:%M:%S.000000', s, 'unixepoch'),
            strftime('%Y-%m-%d %H:%M:%S.000000', s + (60 + (id + turn + 1000) % 13 * 30) * 60, 'unixepoch'),
            (turn + 1000000) * 100000 + id -- of a booking of its own: SQLite keeps that a booking has a position once
        FROM start""",
}


@contextlib.contextmanager
def open_taken(kind: str, databases: Databases, folder: Path) -> Iterator[Flask]:
    """The application on such a database, with nothing taken yet."""
    with databases.fresh(kind, folder) as database:
        app = create_app(Settings.from_environment(environment(database.url, folder / "taken")))
        with app.app_context():
            migrate()
            generate(INSTRUMENTS, 0, at=now())
            for statement in (*_PATTERNS, *_UNGUARDED[kind]):
                db.session.execute(text(statement))
            db.session.commit()
        yield app
        with app.app_context():
            release(app)


def take(app: Flask, count: int) -> None:
    """Let `count` times be taken, over all instruments, instead of those that were."""
    turns = {"turns": count // INSTRUMENTS}
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _take_on_sqlite(str(db.engine.url.database), turns)
        else:
            _take_on_postgresql(turns)
        db.session.remove()
        db.engine.dispose()


def _take_on_sqlite(file: str, turns: dict[str, int]) -> None:
    """By a connection of its own, for which foreign keys are off, as they are for every plain one."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("DELETE FROM hold")
        connection.execute(_WRITE["sqlite"], turns)
        connection.execute("ANALYZE")


def _take_on_postgresql(turns: dict[str, int]) -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("TRUNCATE hold"))
        connection.execute(text(_WRITE["postgresql"]), turns)
        connection.execute(text("VACUUM ANALYZE"))
