"""Institutions ask to take part.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "institution_application",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.Column("ror", sa.String(40)),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("website", sa.String(300), nullable=False),
        sa.Column("mail_domains", Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("applicant_id", Key, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("decided_by_id", Key),
        sa.Column("decided_at", Instant),
        sa.Column("institution_id", Key),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'admitted', 'declined')", name="ck_institution_application_state"
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_institution_application_{column}"
            )
            for column, table in (
                ("applicant_id", "person"),
                ("decided_by_id", "person"),
                ("institution_id", "institution"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_institution_application"),
        sa.UniqueConstraint("reference", name="uq_institution_application_reference"),
    )
    for name, columns in (("waiting", ["state", "created_at"]), ("applicant_id", ["applicant_id"])):
        op.create_index(f"ix_institution_application_{name}", "institution_application", columns)


def downgrade() -> None:
    op.drop_table("institution_application")
