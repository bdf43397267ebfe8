"""Liaisons invite people by mail.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
_UNUSED = sa.text("accepted_at IS NULL AND withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("invited_by_id", Key, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("withdrawn_at", Instant),
        sa.Column("accepted_at", Instant),
        sa.Column("accepted_by_id", Key),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="ck_invitation_accepted"
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR withdrawn_at IS NULL", name="ck_invitation_one_end"
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_invitation_{column}")
            for column, table in (
                ("institution_id", "institution"),
                ("invited_by_id", "person"),
                ("accepted_by_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
    )
    op.create_index(
        "uq_invitation_unused", "invitation", ["institution_id", "email"],
        unique=True, sqlite_where=_UNUSED, postgresql_where=_UNUSED,
    )  # fmt: skip
    op.create_index("ix_invitation_institution_id", "invitation", ["institution_id", "id"])


def downgrade() -> None:
    op.drop_table("invitation")
