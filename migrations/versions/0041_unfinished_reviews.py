"""Reviews are kept as drafts, and changed after they were handed in.

Revision ID: 0041
Revises: 0040
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
Json = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("review", sa.Column("changed_at", Instant, nullable=True))
    op.add_column("review", sa.Column("version", Key, nullable=False, server_default="1"))
    op.create_table(
        "unfinished_review",
        sa.Column("proposal_id", Key, nullable=False),
        sa.Column("reviewer_id", Key, nullable=False),
        sa.Column("scores", Json, nullable=False),
        sa.Column("to_panel", sa.Text(), nullable=False),
        sa.Column("to_applicant", sa.Text(), nullable=False),
        sa.Column("recommended_minutes", Key, nullable=True),
        sa.Column("saved_at", Instant, nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.CheckConstraint(
            "recommended_minutes >= 0", name=op.f("ck_unfinished_review_recommended")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_unfinished_review_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["call_reviewer.id"],
            name=op.f("fk_unfinished_review_reviewer_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "reviewer_id", name=op.f("pk_unfinished_review")),
    )  # fmt: skip
    op.create_index("ix_unfinished_review_reviewer_id", "unfinished_review", ["reviewer_id"])


def downgrade() -> None:
    op.drop_table("unfinished_review")
    op.drop_column("review", "version")
    op.drop_column("review", "changed_at")
