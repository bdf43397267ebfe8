"""Connections for remote use with their checks, and what a booking for data gives.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "connection",
        sa.Column("booking_id", Key, primary_key=True),
        sa.Column("operator_id", Key, nullable=False),
        sa.Column("opens_minutes", Key, nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        _refers("connection", "booking_id", "booking.id", ondelete="CASCADE"),
        _refers("connection", "operator_id", "person.id"),
        sa.CheckConstraint(
            "opens_minutes BETWEEN 0 AND 1440", name=op.f("ck_connection_opens_minutes")
        ),
    )
    op.create_index("ix_connection_operator_id", "connection", ["operator_id"])
    op.create_table(
        "connection_check",
        sa.Column("booking_id", Key, primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("done_at", Instant, nullable=False),
        sa.Column("done_by_id", Key, nullable=False),
        _refers("connection_check", "booking_id", "booking.id", ondelete="CASCADE"),
        _refers("connection_check", "done_by_id", "person.id"),
    )
    op.create_index("ix_connection_check_done_by_id", "connection_check", ["done_by_id"])
    op.create_table(
        "data_product",
        sa.Column("booking_id", Key, primary_key=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("licence", sa.String(40), nullable=False),
        sa.Column("doi", sa.String(200), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("changed_by_id", Key, nullable=False),
        _refers("data_product", "booking_id", "booking.id", ondelete="CASCADE"),
        _refers("data_product", "changed_by_id", "person.id"),
    )
    op.create_index("ix_data_product_changed_by_id", "data_product", ["changed_by_id"])


def downgrade() -> None:
    for table in ("data_product", "connection_check", "connection"):
        op.drop_table(table)


def _refers(
    table: str, column: str, to: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{table}_{column}", ondelete=ondelete)
