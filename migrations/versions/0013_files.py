"""Files that people hand in; their contents lie in the storage folder.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("id", Key, primary_key=True),
        sa.Column("key", sa.String(43), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", Key, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("uploaded_by_id", Key, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["person.id"], name="fk_stored_file_uploaded_by_id"
        ),
        sa.UniqueConstraint("key", name="uq_stored_file_key"),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_size")),
    )
    op.create_index("ix_stored_file_uploaded_by_id", "stored_file", ["uploaded_by_id"])
    op.create_index("ix_stored_file_created_at", "stored_file", ["created_at"])


def downgrade() -> None:
    op.drop_table("stored_file")
