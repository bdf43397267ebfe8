"""People sign in through providers of OpenID Connect.

Revision ID: 0035
Revises: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
Json = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "openid_identity",
        sa.Column("id", Key, nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("linked_at", Instant, nullable=False),
        sa.Column("used_at", Instant),
        sa.Column("browser_digest", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_openid_identity_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openid_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_openid_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_openid_identity_person_id"), "openid_identity", ["person_id"])
    op.create_table(
        "openid_attempt",
        sa.Column("id", Key, nullable=False),
        sa.Column("state_digest", sa.String(64), nullable=False),
        sa.Column("browser_digest", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("person_id", Key),
        sa.Column("target", sa.String(2000), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("returned_at", Instant),
        sa.Column("claims", Json),
        sa.Column("finished_at", Instant),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_openid_attempt_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openid_attempt")),
        sa.UniqueConstraint("state_digest", name=op.f("uq_openid_attempt_state_digest")),
    )
    for column in ("browser_digest", "person_id", "started_at"):
        op.create_index(op.f(f"ix_openid_attempt_{column}"), "openid_attempt", [column])


def downgrade() -> None:
    op.drop_table("openid_attempt")
    op.drop_table("openid_identity")
