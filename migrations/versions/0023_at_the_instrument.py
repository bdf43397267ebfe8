"""Faults reported at an instrument, and whether applicants start their use there themselves.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "instrument_label",
        sa.Column("instrument_id", Key, primary_key=True),
        sa.Column("self_service", sa.Boolean(), nullable=False),
        _refers("instrument_label", "instrument_id", "instrument.id", ondelete="CASCADE"),
    )
    op.create_table(
        "fault",
        sa.Column("id", Key, primary_key=True),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("booking_id", Key, nullable=True),
        sa.Column("reported_by_id", Key, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reported_at", Instant, nullable=False),
        sa.Column("settled_at", Instant, nullable=True),
        sa.Column("settled_by_id", Key, nullable=True),
        _refers("fault", "instrument_id", "instrument.id", ondelete="CASCADE"),
        _refers("fault", "booking_id", "booking.id", ondelete="SET NULL"),
        _refers("fault", "reported_by_id", "person.id"),
        _refers("fault", "settled_by_id", "person.id"),
        sa.CheckConstraint("text <> ''", name=op.f("ck_fault_text")),
    )
    op.create_index("ix_fault_instrument", "fault", ["instrument_id", "settled_at"])
    for column in ("booking_id", "reported_by_id", "settled_by_id"):
        op.create_index(f"ix_fault_{column}", "fault", [column])


def downgrade() -> None:
    op.drop_table("fault")
    op.drop_table("instrument_label")


def _refers(
    table: str, column: str, to: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{table}_{column}", ondelete=ondelete)
