"""Approval policies in versions; what a route was decided by, and what a step says about time and silence.

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STEP_COLUMNS = (
    "stage",
    "asked_at",
    "working_days",
    "remind_days",
    "silence",
    "escalate_to",
    "escalated_at",
    "automatic",
)


def upgrade() -> None:
    op.create_table(
        "approval_policy",
        sa.Column("id", Key, primary_key=True),
        sa.Column("scope_kind", sa.String(40), nullable=False),
        sa.Column("scope_id", Key, nullable=False),
        sa.Column("host_id", Key, sa.ForeignKey("institution.id"), nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.Column("revision", Key, nullable=False),
        sa.Column("document", _json(), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("created_by_id", Key, sa.ForeignKey("person.id")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_by_id", Key, sa.ForeignKey("person.id")),
        sa.Column("activated_at", sa.DateTime(timezone=True)),
        sa.Column("starts_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint(
            "scope_kind",
            "scope_id",
            "version",
            name="uq_approval_policy_scope_kind_scope_id_version",
        ),
        sa.CheckConstraint(
            "scope_kind IN ('institution', 'facility', 'instrument')",
            name="ck_approval_policy_scope_kind",
        ),
        sa.CheckConstraint(
            "(activated_at IS NULL) = (starts_at IS NULL)", name="ck_approval_policy_activated"
        ),
    )
    op.create_index("ix_approval_policy_host_id", "approval_policy", ["host_id"])
    draft = sa.text("activated_at IS NULL")
    op.create_index(
        "uq_approval_policy_draft", "approval_policy", ["scope_kind", "scope_id"], unique=True,
        sqlite_where=draft, postgresql_where=draft,
    )  # fmt: skip
    op.add_column("institution", sa.Column("policies_mark", sa.String(40)))
    op.execute(
        f"ALTER TABLE booking ADD COLUMN policy_id {_whole()} "
        "CONSTRAINT fk_booking_policy_id REFERENCES approval_policy (id)"
    )
    op.add_column("booking", sa.Column("route_facts", _json()))
    for column in (
        sa.Column("stage", Key, nullable=False, server_default="1"),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("working_days", Key),
        sa.Column("remind_days", Key, nullable=False, server_default="1"),
        sa.Column("silence", sa.String(40), nullable=False, server_default="expire"),
        sa.Column("escalate_to", sa.String(40)),
        sa.Column("escalated_at", sa.DateTime(timezone=True)),
        sa.Column("automatic", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("approval_step", column)
    op.execute("UPDATE approval_step SET stage = place")
    op.create_index("ix_approval_step_due", "approval_step", ["status", "silence", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_approval_step_due", "approval_step")
    for name in reversed(_STEP_COLUMNS):
        op.drop_column("approval_step", name)
    op.drop_column("booking", "route_facts")
    op.drop_column("booking", "policy_id")
    op.drop_column("institution", "policies_mark")
    op.drop_table("approval_policy")


def _json() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(JSONB(), "postgresql")


def _whole() -> str:
    return "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
