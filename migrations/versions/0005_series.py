"""Series: bookings that were asked for as one, by a recurrence rule.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("rrule", sa.String(length=500), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("first_start", sa.DateTime(), nullable=False),
        sa.Column("minutes", Key, nullable=False),
        sa.Column("on_conflict", sa.String(length=40), nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("applicant_id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_series_minutes")),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["person.id"], name=op.f("fk_series_applicant_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_series_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_series_instrument_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("reference", name=op.f("uq_series_reference")),
    )
    op.create_index("ix_series_applicant_id", "series", ["applicant_id"])
    op.create_index("ix_series_instrument_id", "series", ["instrument_id"])
    _add_reference("booking")
    op.add_column("booking", sa.Column("occurrence", Instant, nullable=True))
    op.create_index("ix_booking_series_occurrence", "booking", ["series_id", "occurrence"])
    _add_reference("message")
    op.create_index("ix_message_series_id", "message", ["series_id"])


def downgrade() -> None:
    op.drop_index("ix_message_series_id", "message")
    op.drop_column("message", "series_id")
    op.drop_index("ix_booking_series_occurrence", "booking")
    op.drop_column("booking", "occurrence")
    op.drop_column("booking", "series_id")
    op.drop_table("series")


def _add_reference(table: str) -> None:
    """`series_id`; SQLite takes the constraint with the column, which keeps the table's triggers where they are."""
    if op.get_bind().dialect.name == "sqlite":
        name = f"fk_{table}_series_id"
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN series_id INTEGER CONSTRAINT {name} REFERENCES series (id)"
        )
        return
    op.add_column(table, sa.Column("series_id", Key, nullable=True))
    op.create_foreign_key(f"fk_{table}_series_id", table, "series", ["series_id"], ["id"])
