"""Documents of an agreement.

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLE = "agreement_document"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", Key, primary_key=True),
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("file_id", Key, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by_id", Key),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        _refers("agreement_id", "agreement.id", ondelete="CASCADE"),
        _refers("file_id", "stored_file.id"),
        _refers("removed_by_id", "person.id"),
        sa.UniqueConstraint("file_id", name=f"uq_{_TABLE}_file_id"),
        sa.CheckConstraint(
            "kind IN ('memorandum', 'annex', 'renewal', 'other')", name=op.f(f"ck_{_TABLE}_kind")
        ),
        sa.CheckConstraint(
            "(removed_by_id IS NULL) = (removed_at IS NULL)", name=op.f(f"ck_{_TABLE}_removed")
        ),
    )
    op.create_index(f"ix_{_TABLE}_agreement_id", _TABLE, ["agreement_id"])
    op.create_index(f"ix_{_TABLE}_removed_by_id", _TABLE, ["removed_by_id"])


def downgrade() -> None:
    op.drop_table(_TABLE)


def _refers(column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{_TABLE}_{column}", ondelete=ondelete)
