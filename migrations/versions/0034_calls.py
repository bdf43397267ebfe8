"""Calls for proposals: criteria, proposals, reviewers, reviews, and hours that are never more than a call has.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
Json = sa.JSON().with_variant(JSONB(), "postgresql")

_TABLES = (
    "review_score", "review", "proposal_conflict", "call_reviewer", "proposal_wish",
    "proposal_member", "proposal", "call_criterion", "call_instrument", "proposal_call",
)  # fmt: skip
_TOO_MANY = "call_hours: the call has no such time"
_OTHERS = "SELECT coalesce(sum(granted_minutes), 0) FROM proposal WHERE call_id = NEW.call_id AND id != NEW.id"
_GRANTED = "SELECT coalesce(sum(granted_minutes), 0) FROM proposal WHERE call_id = NEW.id"

_SQLITE_GUARDS = (
    *(
        f"""
CREATE TRIGGER call_hours_{event.lower()} BEFORE {event} ON proposal
WHEN NEW.granted_minutes > (SELECT minutes FROM proposal_call WHERE id = NEW.call_id) - ({_OTHERS})
BEGIN SELECT RAISE(ABORT, '{_TOO_MANY}'); END
"""
        for event in ("INSERT", "UPDATE")
    ),
    f"""
CREATE TRIGGER call_hours_fewer BEFORE UPDATE OF minutes ON proposal_call
WHEN NEW.minutes < ({_GRANTED})
BEGIN SELECT RAISE(ABORT, '{_TOO_MANY}'); END
""",
)
_POSTGRESQL_GUARDS = (
    f"""
CREATE FUNCTION guard_call_hours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total bigint;
BEGIN
    IF NEW.granted_minutes > 0 THEN
        SELECT minutes INTO total FROM proposal_call WHERE id = NEW.call_id FOR NO KEY UPDATE;
        IF NEW.granted_minutes > total - ({_OTHERS}) THEN
            RAISE EXCEPTION '{_TOO_MANY}' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION guard_call_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.minutes < ({_GRANTED}) THEN
        RAISE EXCEPTION '{_TOO_MANY}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER call_hours BEFORE INSERT OR UPDATE ON proposal
FOR EACH ROW EXECUTE FUNCTION guard_call_hours()
""",
    """
CREATE TRIGGER call_hours_fewer BEFORE UPDATE OF minutes ON proposal_call
FOR EACH ROW EXECUTE FUNCTION guard_call_minutes()
""",
)


def upgrade() -> None:
    _create_calls()
    _create_proposals()
    _create_reviews()
    for guard in _SQLITE_GUARDS if _is_sqlite() else _POSTGRESQL_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    if not _is_sqlite():
        op.execute("DROP FUNCTION guard_call_hours()")
        op.execute("DROP FUNCTION guard_call_minutes()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _column(name: str, kind: Any, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def _refers(table: str, column: str, to: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"),
        ondelete="CASCADE" if cascade else None,
    )  # fmt: skip


def _checks(table: str, **conditions: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in conditions.items()
    ]


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _create_calls() -> None:
    op.create_table(
        "proposal_call",
        _column("id", Key),
        _column("reference", sa.String(20)),
        _column("titles", Json),
        _column("descriptions", Json),
        _column("facility_id", Key),
        _column("agreement_id", Key, null=True),
        _column("project_kind", sa.String(40)),
        _column("minutes", Key),
        _column("opens_at", Instant),
        _column("closes_at", Instant),
        _column("review_until", Instant),
        _column("starts_on", sa.Date()),
        _column("ends_on", sa.Date()),
        _column("announced_at", Instant, null=True),
        _column("decided_at", Instant, null=True),
        _column("created_at", Instant),
        _column("version", Key),
        *_checks(
            "proposal_call",
            order="opens_at < closes_at AND closes_at < review_until",
            period="starts_on <= ends_on",
            minutes="minutes > 0",
            decided="decided_at IS NULL OR decided_at >= closes_at",
        ),
        _refers("proposal_call", "facility_id", "facility"),
        _refers("proposal_call", "agreement_id", "agreement"),
        _key("proposal_call", "id"),
        _unique("proposal_call", "reference"),
    )
    op.create_index("ix_proposal_call_facility_id", "proposal_call", ["facility_id"])
    op.create_index("ix_proposal_call_closes_at", "proposal_call", ["closes_at"])
    op.create_table(
        "call_instrument",
        _column("call_id", Key),
        _column("instrument_id", Key),
        _refers("call_instrument", "call_id", "proposal_call", cascade=True),
        _refers("call_instrument", "instrument_id", "instrument"),
        _key("call_instrument", "call_id", "instrument_id"),
    )
    op.create_table(
        "call_criterion",
        _column("id", Key),
        _column("call_id", Key),
        _column("position", Key),
        _column("names", Json),
        _column("weight", Key),
        *_checks("call_criterion", weight="weight BETWEEN 1 AND 100"),
        _refers("call_criterion", "call_id", "proposal_call", cascade=True),
        _key("call_criterion", "id"),
        _unique("call_criterion", "call_id", "position"),
    )


def _create_proposals() -> None:
    op.create_table(
        "proposal",
        _column("id", Key),
        _column("reference", sa.String(20)),
        _column("call_id", Key),
        _column("lead_id", Key),
        _column("title", sa.String(300)),
        _column("abstract", sa.Text()),
        _column("field", sa.String(40)),
        _column("state", sa.String(40)),
        _column("created_at", Instant),
        _column("submitted_at", Instant, null=True),
        _column("granted_minutes", Key, null=True),
        _column("answer", sa.Text()),
        _column("project_id", Key, null=True),
        _column("version", Key),
        *_checks(
            "proposal",
            state="state IN ('draft', 'submitted', 'withdrawn')",
            submitted="state != 'submitted' OR submitted_at IS NOT NULL",
            granted="granted_minutes >= 0",
        ),
        _refers("proposal", "call_id", "proposal_call"),
        _refers("proposal", "lead_id", "person"),
        _refers("proposal", "project_id", "project"),
        _key("proposal", "id"),
        _unique("proposal", "reference"),
    )
    op.create_index("ix_proposal_call_id", "proposal", ["call_id"])
    op.create_index("ix_proposal_lead_id", "proposal", ["lead_id"])
    op.create_table(
        "proposal_member",
        _column("proposal_id", Key),
        _column("person_id", Key),
        _refers("proposal_member", "proposal_id", "proposal", cascade=True),
        _refers("proposal_member", "person_id", "person"),
        _key("proposal_member", "proposal_id", "person_id"),
    )
    op.create_index("ix_proposal_member_person_id", "proposal_member", ["person_id"])
    op.create_table(
        "proposal_wish",
        _column("proposal_id", Key),
        _column("instrument_id", Key),
        _column("minutes", Key),
        *_checks("proposal_wish", minutes="minutes > 0"),
        _refers("proposal_wish", "proposal_id", "proposal", cascade=True),
        _refers("proposal_wish", "instrument_id", "instrument"),
        _key("proposal_wish", "proposal_id", "instrument_id"),
    )


def _create_reviews() -> None:
    op.create_table(
        "call_reviewer",
        _column("id", Key),
        _column("call_id", Key),
        _column("person_id", Key),
        _column("appointed_by_id", Key),
        _column("appointed_at", Instant),
        _refers("call_reviewer", "call_id", "proposal_call", cascade=True),
        _refers("call_reviewer", "person_id", "person"),
        _refers("call_reviewer", "appointed_by_id", "person"),
        _key("call_reviewer", "id"),
        _unique("call_reviewer", "call_id", "person_id"),
    )
    op.create_index("ix_call_reviewer_person_id", "call_reviewer", ["person_id"])
    op.create_table(
        "proposal_conflict",
        _column("proposal_id", Key),
        _column("reviewer_id", Key),
        _column("words", sa.Text()),
        _column("declared_at", Instant),
        _refers("proposal_conflict", "proposal_id", "proposal"),
        _refers("proposal_conflict", "reviewer_id", "call_reviewer", cascade=True),
        _key("proposal_conflict", "proposal_id", "reviewer_id"),
    )
    op.create_table(
        "review",
        _column("id", Key),
        _column("proposal_id", Key),
        _column("reviewer_id", Key),
        _column("to_panel", sa.Text()),
        _column("to_applicant", sa.Text()),
        _column("recommended_minutes", Key, null=True),
        _column("submitted_at", Instant),
        *_checks("review", recommended="recommended_minutes >= 0"),
        _refers("review", "proposal_id", "proposal"),
        _refers("review", "reviewer_id", "call_reviewer"),
        _key("review", "id"),
        _unique("review", "proposal_id", "reviewer_id"),
    )
    op.create_index("ix_review_reviewer_id", "review", ["reviewer_id"])
    op.create_table(
        "review_score",
        _column("review_id", Key),
        _column("criterion_id", Key),
        _column("score", Key),
        *_checks("review_score", score="score BETWEEN 1 AND 5"),
        _refers("review_score", "review_id", "review", cascade=True),
        _refers("review_score", "criterion_id", "call_criterion"),
        _key("review_score", "review_id", "criterion_id"),
    )
