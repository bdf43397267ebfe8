"""Files that come with the answers to a screening.

Revision ID: 0036
Revises: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLE = "screening_evidence"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", Key, primary_key=True),
        sa.Column("screening_id", Key, nullable=False),
        sa.Column("file_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screening.id"], name=f"fk_{_TABLE}_screening_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=f"fk_{_TABLE}_file_id"),
        sa.UniqueConstraint("file_id", name=f"uq_{_TABLE}_file_id"),
    )
    op.create_index(f"ix_{_TABLE}_screening_id", _TABLE, ["screening_id"])


def downgrade() -> None:
    op.drop_table(_TABLE)
