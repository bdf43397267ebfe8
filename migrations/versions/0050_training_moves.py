"""How often a training was moved, which calendars want to know.

Revision ID: 0050
Revises: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("training_session", sa.Column("moves", Key, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("training_session", "moves")
