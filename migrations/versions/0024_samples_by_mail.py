"""The way of samples that come by mail: label, state, and every step with carrier and tracking number.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Code = sa.String(40)


def upgrade() -> None:
    op.create_table(
        "sample_track",
        sa.Column("sample_id", Key, primary_key=True),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("state", Code, nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("preservation", sa.String(200), nullable=False),
        _refers("sample_track", "sample_id", "sample.id", ondelete="CASCADE"),
        sa.UniqueConstraint("code", name=op.f("uq_sample_track_code")),
        sa.CheckConstraint(
            "state IN ('announced', 'sent', 'received', 'measured', 'returned', 'destroyed')",
            name=op.f("ck_sample_track_state"),
        ),
    )
    op.create_table(
        "sample_step",
        sa.Column("id", Key, primary_key=True),
        sa.Column("sample_id", Key, nullable=False),
        sa.Column("step", Code, nullable=False),
        sa.Column("by_id", Key, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carrier", sa.String(100), nullable=False),
        sa.Column("tracking", sa.String(100), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        _refers("sample_step", "sample_id", "sample_track.sample_id", ondelete="CASCADE"),
        _refers("sample_step", "by_id", "person.id"),
    )
    op.create_index("ix_sample_step_sample_id", "sample_step", ["sample_id"])
    op.create_index("ix_sample_step_by_id", "sample_step", ["by_id"])


def downgrade() -> None:
    op.drop_table("sample_step")
    op.drop_table("sample_track")


def _refers(
    table: str, column: str, to: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{table}_{column}", ondelete=ondelete)
