"""Leads of drafts and reviewers are reminded once.

Revision ID: 0040
Revises: 0039
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_TABLES = ("proposal", "call_reviewer")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "reminded_at")
