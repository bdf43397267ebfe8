"""Visits with their visitors and tasks, and letters of invitation that never change once they are issued.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Instant = sa.DateTime(timezone=True)
Code = sa.String(40)

#: What a letter says, and that it was issued.
_FROZEN = (
    "number",
    "code",
    "booking_id",
    "host_id",
    "languages",
    "snapshot",
    "digest",
    "issued_at",
)
_CHANGED_SQLITE = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _FROZEN)
_CHANGED_POSTGRESQL = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _FROZEN)

POSTGRESQL = f"""
CREATE FUNCTION keep_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR {_CHANGED_POSTGRESQL} THEN
        RAISE EXCEPTION 'letter_frozen: an issued letter does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    _create_visits()
    _create_letters()
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        op.execute(POSTGRESQL)
        op.execute(
            "CREATE TRIGGER letter_frozen BEFORE UPDATE OR DELETE ON letter "
            "FOR EACH ROW EXECUTE FUNCTION keep_letter()"
        )


def downgrade() -> None:
    op.drop_table("letter")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION keep_letter()")
    for table in ("visit_task_template", "visit_task", "visitor", "visit"):
        op.drop_table(table)


def _guard_on_sqlite() -> None:
    for event, condition in (("UPDATE", f"WHEN {_CHANGED_SQLITE}"), ("DELETE", "")):
        op.execute(
            f"CREATE TRIGGER letter_frozen_{event.lower()} BEFORE {event} ON letter {condition} "
            "BEGIN SELECT RAISE(ABORT, 'letter_frozen: an issued letter does not change'); END"
        )


def _create_visits() -> None:
    op.create_table(
        "visit",
        sa.Column("booking_id", Key, primary_key=True),
        sa.Column("version", Key, nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        sa.Column("departs_on", sa.Date(), nullable=False),
        sa.Column("letter_languages", Code, nullable=True),
        sa.Column("letter_asked_at", Instant, nullable=True),
        sa.Column("changed_at", Instant, nullable=False),
        _refers("visit", "booking_id", "booking.id", ondelete="CASCADE"),
        sa.CheckConstraint("arrives_on <= departs_on", name=op.f("ck_visit_order")),
    )
    op.create_table(
        "visitor",
        sa.Column("id", Key, primary_key=True),
        sa.Column("visit_id", Key, nullable=False),
        sa.Column("place", Key, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("latin_name", sa.String(200), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("institution", sa.String(200), nullable=False),
        sa.Column("role", Code, nullable=False),
        _refers("visitor", "visit_id", "visit.booking_id", ondelete="CASCADE"),
        sa.UniqueConstraint("visit_id", "place", name=op.f("uq_visitor_visit_id_place")),
    )
    op.create_table(
        "visit_task",
        sa.Column("id", Key, primary_key=True),
        sa.Column("visit_id", Key, nullable=False),
        *_line(),
        sa.Column("done_at", Instant, nullable=True),
        sa.Column("done_by_id", Key, nullable=True),
        _refers("visit_task", "visit_id", "visit.booking_id", ondelete="CASCADE"),
        _refers("visit_task", "done_by_id", "person.id"),
        sa.UniqueConstraint(
            "visit_id", "phase", "place", name=op.f("uq_visit_task_visit_id_phase_place")
        ),
        sa.CheckConstraint("phase IN ('arrival', 'departure')", name=op.f("ck_visit_task_phase")),
    )
    op.create_index("ix_visit_task_done_by_id", "visit_task", ["done_by_id"])
    op.create_table(
        "visit_task_template",
        sa.Column("id", Key, primary_key=True),
        sa.Column("facility_id", Key, nullable=False),
        *_line(),
        _refers("visit_task_template", "facility_id", "facility.id", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "facility_id", "phase", "place",
            name=op.f("uq_visit_task_template_facility_id_phase_place"),
        ),
        sa.CheckConstraint(
            "phase IN ('arrival', 'departure')", name=op.f("ck_visit_task_template_phase")
        ),
    )  # fmt: skip


def _line() -> list[sa.Column[object]]:
    return [
        sa.Column("phase", Code, nullable=False),
        sa.Column("place", Key, nullable=False),
        sa.Column("texts", Json, nullable=False),
    ]


def _create_letters() -> None:
    op.create_table(
        "letter",
        sa.Column("id", Key, primary_key=True),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("booking_id", Key, nullable=False),
        sa.Column("host_id", Key, nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("serial", Key, nullable=False),
        sa.Column("languages", Code, nullable=False),
        sa.Column("snapshot", Json, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("issued_by_id", Key, nullable=False),
        sa.Column("file_id", Key, nullable=True),
        sa.Column("superseded_at", Instant, nullable=True),
        sa.Column("revoked_at", Instant, nullable=True),
        sa.Column("revoked_by_id", Key, nullable=True),
        _refers("letter", "booking_id", "booking.id"),
        _refers("letter", "host_id", "institution.id"),
        _refers("letter", "issued_by_id", "person.id"),
        _refers("letter", "file_id", "stored_file.id"),
        _refers("letter", "revoked_by_id", "person.id"),
        sa.UniqueConstraint("number", name=op.f("uq_letter_number")),
        sa.UniqueConstraint("code", name=op.f("uq_letter_code")),
        sa.UniqueConstraint(
            "host_id", "year", "serial", name=op.f("uq_letter_host_id_year_serial")
        ),
    )
    op.create_index("ix_letter_booking", "letter", ["booking_id", "id"])
    for column in ("issued_by_id", "file_id", "revoked_by_id"):
        op.create_index(f"ix_letter_{column}", "letter", [column])


def _refers(
    table: str, column: str, to: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{table}_{column}", ondelete=ondelete)
