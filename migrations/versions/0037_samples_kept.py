"""Samples that a facility keeps.

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_NAME = "ck_sample_track_state"
_BEFORE = ("announced", "sent", "received", "measured", "returned", "destroyed")


def upgrade() -> None:
    _allow(*_BEFORE[:4], "kept", *_BEFORE[4:])


def downgrade() -> None:
    op.execute("UPDATE sample_track SET state = 'measured' WHERE state = 'kept'")
    op.execute("DELETE FROM sample_step WHERE step = 'keep'")
    _allow(*_BEFORE)


def _allow(*states: str) -> None:
    condition = "state IN (" + ", ".join(f"'{state}'" for state in states) + ")"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(_NAME), "sample_track")
        op.create_check_constraint(op.f(_NAME), "sample_track", condition)
        return
    # SQLite makes the table anew. That would take the steps along, which go with their track, so they are put aside.
    op.execute("CREATE TEMPORARY TABLE steps_aside AS SELECT * FROM sample_step")
    with op.batch_alter_table("sample_track") as table:
        table.drop_constraint(op.f(_NAME), type_="check")
        table.create_check_constraint(op.f(_NAME), condition)
    op.execute("INSERT INTO sample_step SELECT * FROM steps_aside")
    op.execute("DROP TABLE steps_aside")
