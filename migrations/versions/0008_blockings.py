"""Time can be blocked for a purpose, and outside calendars close instruments.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
Instant = sa.DateTime(timezone=True)

_KINDS = "'closure', 'opening', 'blocking'"
_KINDS_BEFORE = "'closure', 'opening'"
_COLUMNS = "id, instrument_id, kind, starts_at, ends_at, reason, sudden, created_by_id"
_NEW_COLUMNS = (
    "title",
    "open_to",
    "release_minutes",
    "until_lifted",
    "series",
    "outside_calendar_id",
)
_INDEXES = (
    "CREATE INDEX ix_opening_exception_when ON opening_exception (instrument_id, ends_at)",
    "CREATE INDEX ix_opening_exception_ends ON opening_exception (ends_at, starts_at, instrument_id)",
)
_CALENDAR_INDEX = "CREATE INDEX ix_opening_exception_outside_calendar_id ON opening_exception (outside_calendar_id)"

#: SQLite changes a check only by making the table anew; nothing refers to it and it has no triggers.
_SQLITE_TABLE = """
CREATE TABLE opening_exception_anew (
    id INTEGER NOT NULL,
    instrument_id INTEGER NOT NULL,
    kind VARCHAR(40) NOT NULL,
    starts_at DATETIME NOT NULL,
    ends_at DATETIME NOT NULL,
    reason JSON NOT NULL,
    sudden BOOLEAN NOT NULL,
    created_by_id INTEGER,{columns}
    CONSTRAINT ck_opening_exception_kind CHECK (kind IN ({kinds})),
    CONSTRAINT ck_opening_exception_order CHECK (starts_at < ends_at),{constraints}
    CONSTRAINT fk_opening_exception_created_by_id FOREIGN KEY (created_by_id) REFERENCES person (id),
    CONSTRAINT fk_opening_exception_instrument_id
        FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON DELETE CASCADE,
    CONSTRAINT pk_opening_exception PRIMARY KEY (id)
)
"""
_SQLITE_COLUMNS = """
    title JSON NOT NULL DEFAULT '{}',
    open_to JSON NOT NULL DEFAULT '{}',
    release_minutes INTEGER,
    until_lifted BOOLEAN NOT NULL DEFAULT 0,
    series VARCHAR(20),
    outside_calendar_id INTEGER,"""
_SQLITE_CONSTRAINTS = """
    CONSTRAINT ck_opening_exception_release CHECK (release_minutes >= 0),
    CONSTRAINT fk_opening_exception_outside_calendar_id
        FOREIGN KEY (outside_calendar_id) REFERENCES outside_calendar (id) ON DELETE CASCADE,"""


def upgrade() -> None:
    _create_outside_calendar()
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(_KINDS, _SQLITE_COLUMNS, _SQLITE_CONSTRAINTS)
    else:
        _widen_on_postgresql()
    op.execute(_CALENDAR_INDEX)


def downgrade() -> None:
    op.execute("DELETE FROM opening_exception WHERE kind = 'blocking'")
    op.execute("DROP INDEX ix_opening_exception_outside_calendar_id")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(_KINDS_BEFORE, "", "")
    else:
        _narrow_on_postgresql()
    op.drop_table("outside_calendar")


def _create_outside_calendar() -> None:
    op.create_table(
        "outside_calendar",
        sa.Column("id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("added_by_id", Key, nullable=True),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("last_fetched_at", Instant, nullable=True),
        sa.Column("last_ok_at", Instant, nullable=True),
        sa.Column("failing_since", Instant, nullable=True),
        sa.Column("last_error", sa.String(length=40), nullable=False),
        sa.Column("told_at", Instant, nullable=True),
        sa.Column("etag", sa.String(length=300), nullable=False),
        sa.Column("last_modified", sa.String(length=100), nullable=False),
        sa.Column("expanded_until", Instant, nullable=True),
        sa.Column("next_fetch_at", Instant, nullable=False),
        sa.Column("claimed_by", sa.String(length=60), nullable=True),
        sa.Column("claimed_until", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name="fk_outside_calendar_added_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name="fk_outside_calendar_instrument_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outside_calendar"),
    )
    op.create_index("ix_outside_calendar_instrument_id", "outside_calendar", ["instrument_id"])
    op.create_index("ix_outside_calendar_next_fetch_at", "outside_calendar", ["next_fetch_at"])


def _rebuild(kinds: str, columns: str, constraints: str) -> None:
    op.execute(_SQLITE_TABLE.format(kinds=kinds, columns=columns, constraints=constraints))
    op.execute(
        f"INSERT INTO opening_exception_anew ({_COLUMNS}) SELECT {_COLUMNS} FROM opening_exception"
    )
    op.execute("DROP TABLE opening_exception")
    op.execute("ALTER TABLE opening_exception_anew RENAME TO opening_exception")
    for index in _INDEXES:
        op.execute(index)


def _widen_on_postgresql() -> None:
    add = "ALTER TABLE opening_exception ADD"
    _check_kinds(_KINDS)
    op.execute(f"{add} COLUMN title JSONB NOT NULL DEFAULT '{{}}'::jsonb")
    op.execute(f"{add} COLUMN open_to JSONB NOT NULL DEFAULT '{{}}'::jsonb")
    op.execute(f"{add} COLUMN release_minutes BIGINT")
    op.execute(f"{add} COLUMN until_lifted BOOLEAN NOT NULL DEFAULT false")
    op.execute(f"{add} COLUMN series VARCHAR(20)")
    op.execute(f"{add} COLUMN outside_calendar_id BIGINT")
    op.execute(f"{add} CONSTRAINT ck_opening_exception_release CHECK (release_minutes >= 0)")
    op.execute(
        f"{add} CONSTRAINT fk_opening_exception_outside_calendar_id FOREIGN KEY (outside_calendar_id) "
        "REFERENCES outside_calendar (id) ON DELETE CASCADE"
    )


def _narrow_on_postgresql() -> None:
    _check_kinds(_KINDS_BEFORE)
    for name in _NEW_COLUMNS:
        op.execute(f"ALTER TABLE opening_exception DROP COLUMN {name}")


def _check_kinds(kinds: str) -> None:
    op.execute("ALTER TABLE opening_exception DROP CONSTRAINT ck_opening_exception_kind")
    op.execute(
        f"ALTER TABLE opening_exception ADD CONSTRAINT ck_opening_exception_kind CHECK (kind IN ({kinds}))"
    )
