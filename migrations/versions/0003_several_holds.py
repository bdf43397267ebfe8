"""A booking may take every position of an instrument: one hold for each.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ONE = "uq_hold_booking_id"
_COLUMNS = "id, instrument_id, position, held_from, held_until, booking_id"

#: SQLite changes a unique constraint only by making the table anew; its guards go and come with it.
_SQLITE_HOLD = """
CREATE TABLE hold_anew (
    id INTEGER NOT NULL,
    instrument_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    held_from DATETIME NOT NULL,
    held_until DATETIME NOT NULL,
    booking_id INTEGER NOT NULL,
    CONSTRAINT ck_hold_order CHECK (held_from < held_until),
    CONSTRAINT ck_hold_position CHECK (position >= 1),
    CONSTRAINT fk_hold_booking_id FOREIGN KEY (booking_id) REFERENCES booking (id) ON DELETE CASCADE,
    CONSTRAINT fk_hold_instrument_id FOREIGN KEY (instrument_id) REFERENCES instrument (id),
    CONSTRAINT pk_hold PRIMARY KEY (id),
    CONSTRAINT {name} UNIQUE ({columns})
)
"""

_SQLITE_GUARD = """
CREATE TRIGGER hold_overlap_{event} BEFORE {event} ON hold
WHEN EXISTS (
    SELECT 1 FROM hold AS other
    WHERE other.instrument_id = NEW.instrument_id AND other.position = NEW.position
      AND other.id IS NOT NEW.id
      AND other.held_from < NEW.held_until AND NEW.held_from < other.held_until
)
BEGIN SELECT RAISE(ABORT, 'hold_overlap: this position is taken at that time'); END
"""


def upgrade() -> None:
    op.add_column(
        "booking", sa.Column("whole", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _make_unique("uq_hold_booking_id_position", "booking_id, position", instead_of=_ONE)


def downgrade() -> None:
    op.execute(
        "DELETE FROM hold WHERE position > "
        "(SELECT min(other.position) FROM hold AS other WHERE other.booking_id = hold.booking_id)"
    )
    _make_unique(_ONE, "booking_id", instead_of="uq_hold_booking_id_position")
    op.drop_column("booking", "whole")


def _make_unique(name: str, columns: str, *, instead_of: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE hold DROP CONSTRAINT {instead_of}")
        op.execute(f"ALTER TABLE hold ADD CONSTRAINT {name} UNIQUE ({columns})")
        return
    op.execute(_SQLITE_HOLD.format(name=name, columns=columns))
    op.execute(f"INSERT INTO hold_anew ({_COLUMNS}) SELECT {_COLUMNS} FROM hold")
    op.execute("DROP TABLE hold")
    op.execute("ALTER TABLE hold_anew RENAME TO hold")
    op.execute(
        "CREATE INDEX ix_hold_instrument_position_from ON hold (instrument_id, position, held_from)"
    )
    for event in ("INSERT", "UPDATE"):
        op.execute(_SQLITE_GUARD.format(event=event))
