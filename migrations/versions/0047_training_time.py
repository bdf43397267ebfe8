"""A training that takes place on an instrument holds its time.

Revision ID: 0047
Revises: 0046
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "training_time",
        sa.Column("session_id", Key, nullable=False, autoincrement=False),
        sa.Column("exception_id", Key, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_training_time"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"],
            name="fk_training_time_session_id", ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["exception_id"], ["opening_exception.id"],
            name="fk_training_time_exception_id", ondelete="CASCADE",
        ),
        sa.UniqueConstraint("exception_id", name="uq_training_time_exception_id"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("training_time")
