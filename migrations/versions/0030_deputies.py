"""Who stands in for whom and until when, and for whom a step was decided.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "deputy",
        sa.Column("id", Key, primary_key=True),
        sa.Column("person_id", Key, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("deputy_id", Key, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("grant_id", Key, sa.ForeignKey("role_grant.id", ondelete="CASCADE")),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("first_day <= last_day", name="ck_deputy_days"),
        sa.CheckConstraint("starts_at < ends_at", name="ck_deputy_order"),
        sa.CheckConstraint("person_id <> deputy_id", name="ck_deputy_other"),
    )
    op.create_index("ix_deputy_person_id", "deputy", ["person_id"])
    op.create_index("ix_deputy_deputy_id_ends_at", "deputy", ["deputy_id", "ends_at"])
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE approval_step ADD COLUMN decided_for_id {kind} "
        "CONSTRAINT fk_approval_step_decided_for_id REFERENCES person (id)"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("approval_step", "decided_for_id")
    else:
        with op.batch_alter_table("approval_step") as table:
            table.drop_column("decided_for_id")
    op.drop_table("deputy")
