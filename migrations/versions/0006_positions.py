"""Positions have names, and a booking may ask for a certain one.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    names = sa.Column(
        "position_names",
        sa.JSON().with_variant(JSONB(), "postgresql"),
        nullable=False,
        server_default="[]",
    )
    op.add_column("instrument", names)
    op.add_column("booking", sa.Column("wanted_position", Key, nullable=True))


def downgrade() -> None:
    op.drop_column("booking", "wanted_position")
    op.drop_column("instrument", "position_names")
