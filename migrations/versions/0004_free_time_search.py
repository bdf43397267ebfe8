"""Search by time: holds by how long they are, instruments by their times, and public holidays.

- `hold.reach` is the class of a hold's length: up to 1, 4, 16, 64 and 256 hours, or longer. With it an index finds
  what overlaps a window without looking at what is over or far away.
- `instrument.slot_key` is the same for instruments whose times are the same but for bookings and exceptions.

Both are kept by the database itself: generated columns.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_HOURS = (1, 4, 16, 64, 256)
_LENGTH = {
    "postgresql": "extract(epoch FROM held_until - held_from)",
    "sqlite": "(strftime('%s', held_until) - strftime('%s', held_from))",
}
_KEY = " || ',' || ".join(
    f"CAST({column} AS TEXT)"
    for column in (
        "positions", "granularity_minutes", "shortest_minutes", "longest_minutes",
        "setup_minutes", "teardown_minutes", "lead_minutes", "horizon_days",
        "opening", "holiday_opening", "COALESCE(holiday_territory, '')",
    )
)  # fmt: skip
_TIME_INDEXES = {
    "ix_hold_reach": ("hold", "reach, held_from, held_until, instrument_id, position"),
    "ix_instrument_slot_key": ("instrument", "slot_key, facility_id, status, id"),
    "ix_opening_exception_ends": ("opening_exception", "ends_at, starts_at, instrument_id"),
}


def upgrade() -> None:
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.add_column("instrument", sa.Column("holiday_territory", sa.String(10)))
    op.add_column(
        "instrument", sa.Column("holiday_opening", json, nullable=False, server_default="[]")
    )
    _generate("hold", "reach", "SMALLINT", _reach())
    _generate("instrument", "slot_key", "TEXT", _slot_key())
    for name, (table, columns) in _TIME_INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {table} ({columns})")


def downgrade() -> None:
    for name in _TIME_INDEXES:
        op.execute(f"DROP INDEX {name}")
    op.drop_column("instrument", "slot_key")
    op.drop_column("hold", "reach")
    op.drop_column("instrument", "holiday_opening")
    op.drop_column("instrument", "holiday_territory")


def _reach() -> str:
    length = _LENGTH[op.get_bind().dialect.name]
    classes = "".join(f" WHEN {length} <= {h * 3600} THEN {n}" for n, h in enumerate(_HOURS))
    return f"CASE{classes} ELSE {len(_HOURS)} END"


def _slot_key() -> str:
    """Short where it can be, so that its index is small; SQLite knows no digests."""
    return f"md5({_KEY})" if op.get_bind().dialect.name == "postgresql" else _KEY


def _generate(table: str, column: str, kind: str, expression: str) -> None:
    """SQLite can only add columns that are computed when read; the index keeps them all the same."""
    how = "STORED" if op.get_bind().dialect.name == "postgresql" else "VIRTUAL"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {kind} GENERATED ALWAYS AS ({expression}) {how}"
    )
