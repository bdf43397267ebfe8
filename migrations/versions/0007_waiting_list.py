"""The waiting list: entries, what they were offered, who watches an instrument, and what came free.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Instant = sa.DateTime(timezone=True)

_STANDING = sa.text("state IN ('waiting', 'offered')")
_UNANSWERED = sa.text("outcome = 'standing'")


def upgrade() -> None:
    _create_entries()
    _create_lines()
    _create_offers()
    _create_watches()


def downgrade() -> None:
    for table in ("freed_time", "watch", "waiting_offer", "waiting_line", "waiting_entry"):
        op.drop_table(table)


def _create_entries() -> None:
    op.create_table(
        "waiting_entry",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("agreement_id", Key, nullable=True),
        sa.Column("project_id", Key, nullable=True),
        sa.Column("access_mode", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("minutes", Key, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("not_before", sa.Time(), nullable=True),
        sa.Column("not_after", sa.Time(), nullable=True),
        sa.Column("weekdays", Json, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("missed", Key, nullable=False),
        sa.Column("joined_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.CheckConstraint("since < until", name=op.f("ck_waiting_entry_order")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_waiting_entry_minutes")),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'accepted', 'declined', 'lapsed', 'left', 'over')",
            name=op.f("ck_waiting_entry_state"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_waiting_entry_{table}_id")
            )
            for table in ("person", "instrument", "agreement", "project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entry")),
        sa.UniqueConstraint("reference", name=op.f("uq_waiting_entry_reference")),
    )
    op.create_index(
        "ix_waiting_entry_line", "waiting_entry", ["instrument_id", "state", "joined_at"]
    )
    op.create_index("ix_waiting_entry_person", "waiting_entry", ["person_id", "state"])
    op.create_index("ix_waiting_entry_over", "waiting_entry", ["state", "until"])
    op.create_index(
        "uq_waiting_entry_wish",
        "waiting_entry",
        ["person_id", "instrument_id", "since", "until", "minutes"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )


def _create_lines() -> None:
    op.create_table(
        "waiting_line",
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("swept_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name=op.f("fk_waiting_line_instrument_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("instrument_id", name=op.f("pk_waiting_line")),
    )
    op.create_index("ix_waiting_line_swept_at", "waiting_line", ["swept_at"])


def _create_offers() -> None:
    op.create_table(
        "waiting_offer",
        sa.Column("id", Key, nullable=False),
        sa.Column("entry_id", Key, nullable=False),
        sa.Column("booking_id", Key, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("answer_by", Instant, nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('standing', 'accepted', 'declined', 'missed')",
            name=op.f("ck_waiting_offer_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["waiting_entry.id"],
            name=op.f("fk_waiting_offer_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_waiting_offer_booking_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_offer")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_waiting_offer_booking_id")),
    )
    op.create_index("ix_waiting_offer_entry_id", "waiting_offer", ["entry_id"])
    op.create_index(
        "uq_waiting_offer_standing",
        "waiting_offer",
        ["entry_id"],
        unique=True,
        sqlite_where=_UNANSWERED,
        postgresql_where=_UNANSWERED,
    )


def _create_watches() -> None:
    op.create_table(
        "watch",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("days", Key, nullable=False),
        sa.Column("minutes", Key, nullable=True),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("told_at", Instant, nullable=True),
        sa.CheckConstraint("days BETWEEN 1 AND 366", name=op.f("ck_watch_days")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_watch_person_id")),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_watch_instrument_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint(
            "person_id", "instrument_id", name=op.f("uq_watch_person_id_instrument_id")
        ),
    )
    op.create_index("ix_watch_instrument_id", "watch", ["instrument_id"])
    op.create_table(
        "freed_time",
        sa.Column("id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("freed_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instrument.id"],
            name=op.f("fk_freed_time_instrument_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freed_time")),
    )
    op.create_index("ix_freed_time_instrument", "freed_time", ["instrument_id", "freed_at"])
