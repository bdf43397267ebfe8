"""What follows a use: results and their reminders, feedback, publications, and records with disputes.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "aftermath",
        sa.Column("booking_id", Key, primary_key=True, autoincrement=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("reminders", Key, nullable=False),
        sa.Column("step_at", Instant),
        sa.Column("reported_at", Instant),
        sa.Column("results", sa.Text(), nullable=False),
        _refers("aftermath", "booking_id", "booking.id", ondelete="CASCADE"),
    )
    op.create_index("ix_aftermath_step_at", "aftermath", ["step_at"])
    op.create_table(
        "feedback",
        sa.Column("booking_id", Key, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, Key, nullable=False)
            for name in ("instrument", "support", "booking_itself")
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_at", Instant, nullable=False),
        _refers("feedback", "booking_id", "booking.id", ondelete="CASCADE"),
        sa.CheckConstraint(
            "instrument BETWEEN 1 AND 5 AND support BETWEEN 1 AND 5 AND booking_itself BETWEEN 1 AND 5",
            name=op.f("ck_feedback_marks"),
        ),
    )
    _create_publications()
    _create_records()


def _create_publications() -> None:
    op.create_table(
        "publication",
        sa.Column("id", Key, primary_key=True),
        sa.Column("doi", sa.String(200), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("acknowledged", sa.Boolean(), nullable=False),
        sa.Column("project_id", Key),
        sa.Column("reported_by_id", Key, nullable=False),
        sa.Column("reported_at", Instant, nullable=False),
        _refers("publication", "project_id", "project.id"),
        _refers("publication", "reported_by_id", "person.id"),
        sa.UniqueConstraint("doi", name="uq_publication_doi"),
    )
    op.create_index("ix_publication_project_id", "publication", ["project_id"])
    op.create_index("ix_publication_reported_by_id", "publication", ["reported_by_id"])
    op.create_table(
        "publication_booking",
        sa.Column("publication_id", Key, primary_key=True),
        sa.Column("booking_id", Key, primary_key=True),
        _refers("publication_booking", "publication_id", "publication.id", ondelete="CASCADE"),
        _refers("publication_booking", "booking_id", "booking.id", ondelete="CASCADE"),
    )
    op.create_index("ix_publication_booking_booking_id", "publication_booking", ["booking_id"])


def _create_records() -> None:
    op.create_table(
        "credit_entry",
        sa.Column("id", Key, primary_key=True),
        sa.Column("booking_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("institution_id", Key),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("happened_at", Instant, nullable=False),
        sa.Column("mended_at", Instant),
        sa.Column("contested_at", Instant),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(40)),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_at", Instant),
        sa.Column("decided_by_id", Key),
        _refers("credit_entry", "booking_id", "booking.id", ondelete="CASCADE"),
        _refers("credit_entry", "person_id", "person.id"),
        _refers("credit_entry", "institution_id", "institution.id"),
        _refers("credit_entry", "decided_by_id", "person.id"),
        sa.UniqueConstraint("booking_id", "kind", name="uq_credit_entry_booking_id_kind"),
        sa.CheckConstraint(
            "kind IN ('no_show', 'late_cancellation', 'unreported')",
            name=op.f("ck_credit_entry_kind"),
        ),
        sa.CheckConstraint("verdict IN ('upheld', 'lifted')", name=op.f("ck_credit_entry_verdict")),
        sa.CheckConstraint(
            "(verdict IS NULL) = (decided_at IS NULL)", name=op.f("ck_credit_entry_decided")
        ),
    )
    op.create_index("ix_credit_entry_person", "credit_entry", ["person_id", "happened_at"])
    op.create_index(
        "ix_credit_entry_institution", "credit_entry", ["institution_id", "happened_at"]
    )


def downgrade() -> None:
    for table in ("credit_entry", "publication_booking", "publication", "feedback", "aftermath"):
        op.drop_table(table)


def _refers(table: str, column: str, to: str, **more: Any) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{table}_{column}", **more)
