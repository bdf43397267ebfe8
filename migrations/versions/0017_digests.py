"""People choose how they are told by mail; messages wait for a digest, which is a message itself.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "message_wishes",
        sa.Column("person_id", Key, primary_key=True, autoincrement=False),
        sa.Column("paces", Json, nullable=False),
        sa.Column("hour", Key, nullable=False),
        sa.Column("weekday", Key, nullable=False),
        sa.Column("quiet_from", sa.Time()),
        sa.Column("quiet_until", sa.Time()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_message_wishes_person_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_message_wishes_hour")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_message_wishes_weekday")),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_message_wishes_quiet")
        ),
    )
    whole = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE message ADD COLUMN digest_id {whole} "
        "CONSTRAINT fk_message_digest_id REFERENCES message (id)"
    )
    op.create_index("ix_message_digest_id", "message", ["digest_id"])


def downgrade() -> None:
    op.drop_index("ix_message_digest_id", "message")
    op.drop_column("message", "digest_id")
    op.execute("DELETE FROM message WHERE kind = 'digest'")
    op.drop_table("message_wishes")
