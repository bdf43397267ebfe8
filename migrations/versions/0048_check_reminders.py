"""Of which remote uses people were reminded that checks are open.

Revision ID: 0048
Revises: 0047
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "check_reminder",
        sa.Column("booking_id", Key, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("booking_id", name="pk_check_reminder"),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_check_reminder_booking_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("check_reminder")
