"""People talk about a booking: remarks with files, notes of the offices, and how far each has read.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "remark",
        sa.Column("id", Key, primary_key=True),
        sa.Column("booking_id", Key, nullable=False),
        sa.Column("author_id", Key, nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        _refers("remark", "booking_id", "booking.id", ondelete="CASCADE"),
        _refers("remark", "author_id", "person.id"),
        sa.CheckConstraint("text <> ''", name=op.f("ck_remark_text")),
    )
    op.create_index("ix_remark_booking", "remark", ["booking_id", "id"])
    op.create_index("ix_remark_author_id", "remark", ["author_id"])
    op.create_table(
        "remark_file",
        sa.Column("remark_id", Key, primary_key=True),
        sa.Column("file_id", Key, primary_key=True),
        _refers("remark_file", "remark_id", "remark.id", ondelete="CASCADE"),
        _refers("remark_file", "file_id", "stored_file.id"),
    )
    op.create_index("ix_remark_file_file_id", "remark_file", ["file_id"])
    op.create_table(
        "remarks_read",
        sa.Column("booking_id", Key, primary_key=True),
        sa.Column("person_id", Key, primary_key=True),
        sa.Column("last_id", Key, nullable=False),
        _refers("remarks_read", "booking_id", "booking.id", ondelete="CASCADE"),
        _refers("remarks_read", "person_id", "person.id"),
    )
    op.create_index("ix_remarks_read_person_id", "remarks_read", ["person_id"])


def downgrade() -> None:
    for table in ("remarks_read", "remark_file", "remark"):
        op.drop_table(table)


def _refers(
    table: str, column: str, to: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{table}_{column}", ondelete=ondelete)
