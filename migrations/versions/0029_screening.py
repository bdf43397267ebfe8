"""Screening: checklists of hosts, version by version, and what people answered.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "instrument",
        sa.Column("screening_class", sa.String(length=40), nullable=False, server_default="none"),
    )
    _create_checklists()
    _create_screenings()


def downgrade() -> None:
    op.drop_table("screening")
    op.drop_table("screening_checklist")
    op.drop_column("instrument", "screening_class")


def _create_checklists() -> None:
    op.create_table(
        "screening_checklist",
        sa.Column("id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=False),
        sa.Column("screening_class", sa.String(length=40), nullable=False),
        sa.Column("version", Key, nullable=False),
        sa.Column("questions", Json, nullable=False),
        sa.Column("valid_months", Key, nullable=False),
        sa.Column("published_by_id", Key, nullable=False),
        sa.Column("published_at", Instant, nullable=False),
        sa.CheckConstraint(
            "valid_months BETWEEN 1 AND 120", name=op.f("ck_screening_checklist_valid_months")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_screening_checklist_{column}")
            )
            for column, table in (("institution_id", "institution"), ("published_by_id", "person"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_checklist")),
        sa.UniqueConstraint(
            "institution_id",
            "screening_class",
            "version",
            name=op.f("uq_screening_checklist_institution_id_screening_class_version"),
        ),
    )


def _create_screenings() -> None:
    op.create_table(
        "screening",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=False),
        sa.Column("screening_class", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("outdated", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("answered_at", Instant, nullable=False),
        sa.Column("decided_at", Instant, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", Key, nullable=False),
        sa.CheckConstraint(
            "state IN ('cleared', 'waiting', 'asked_back', 'declined', 'withdrawn')",
            name=op.f("ck_screening_state"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_screening_{table}_id")
            )
            for table in ("person", "institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
        sa.UniqueConstraint(
            "person_id",
            "institution_id",
            "screening_class",
            name=op.f("uq_screening_person_id_institution_id_screening_class"),
        ),
    )
    op.create_index("ix_screening_queue", "screening", ["institution_id", "state", "answered_at"])
