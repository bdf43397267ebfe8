"""A proposal may have a file.

Revision ID: 0039
Revises: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "proposal_file",
        sa.Column("proposal_id", Key, nullable=False),
        sa.Column("file_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name="fk_proposal_file_proposal_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_proposal_file_file_id"),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_proposal_file"),
        sa.UniqueConstraint("file_id", name="uq_proposal_file_file_id"),
    )


def downgrade() -> None:
    op.drop_table("proposal_file")
