"""Texts that deciders keep for their answers.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "saved_reply",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("texts", Json, nullable=False),
        sa.Column("changed_by_id", Key, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name="fk_saved_reply_facility_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name="fk_saved_reply_changed_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_reply"),
        sa.UniqueConstraint("facility_id", "title", name="uq_saved_reply_facility_id_title"),
    )


def downgrade() -> None:
    op.drop_table("saved_reply")
