"""When somebody last asked their institution to vouch for them.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "vouching_request",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_vouching_request_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_vouching_request")),
    )


def downgrade() -> None:
    op.drop_table("vouching_request")
