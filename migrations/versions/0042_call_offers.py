"""Several facilities give time in one call: what each gives, and what each proposal gets of it.

Revision ID: 0042
Revises: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_TOO_MANY = "call_hours: the facility gives no such time"
_GRANTED = "SELECT coalesce(sum(minutes), 0) FROM proposal_grant WHERE offer_id ="
_OTHERS = f"{_GRANTED} NEW.offer_id AND proposal_id != NEW.proposal_id"

_SQLITE_GUARDS = (
    *(
        f"""
CREATE TRIGGER offer_hours_{event.lower()} BEFORE {event} ON proposal_grant
WHEN NEW.minutes > (SELECT minutes FROM call_offer WHERE id = NEW.offer_id) - ({_OTHERS})
BEGIN SELECT RAISE(ABORT, '{_TOO_MANY}'); END
"""
        for event in ("INSERT", "UPDATE")
    ),
    f"""
CREATE TRIGGER offer_hours_fewer BEFORE UPDATE OF minutes ON call_offer
WHEN NEW.minutes < ({_GRANTED} NEW.id)
BEGIN SELECT RAISE(ABORT, '{_TOO_MANY}'); END
""",
)
_POSTGRESQL_GUARDS = (
    f"""
CREATE FUNCTION guard_offer_hours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total bigint;
BEGIN
    SELECT minutes INTO total FROM call_offer WHERE id = NEW.offer_id FOR NO KEY UPDATE;
    IF NEW.minutes > total - ({_OTHERS}) THEN
        RAISE EXCEPTION '{_TOO_MANY}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION guard_offer_minutes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.minutes < ({_GRANTED} NEW.id) THEN
        RAISE EXCEPTION '{_TOO_MANY}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER offer_hours BEFORE INSERT OR UPDATE ON proposal_grant
FOR EACH ROW EXECUTE FUNCTION guard_offer_hours()
""",
    """
CREATE TRIGGER offer_hours_fewer BEFORE UPDATE OF minutes ON call_offer
FOR EACH ROW EXECUTE FUNCTION guard_offer_minutes()
""",
)


def upgrade() -> None:
    _create_tables()
    op.execute(
        "INSERT INTO call_offer (call_id, facility_id, minutes) "
        "SELECT id, facility_id, minutes FROM proposal_call ORDER BY id"
    )
    op.execute(
        "INSERT INTO proposal_grant (proposal_id, offer_id, minutes) "
        "SELECT proposal.id, call_offer.id, proposal.granted_minutes FROM proposal "
        "JOIN call_offer ON call_offer.call_id = proposal.call_id "
        "WHERE proposal.granted_minutes IS NOT NULL"
    )
    for guard in _SQLITE_GUARDS if _is_sqlite() else _POSTGRESQL_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    """What is granted in all stays with each proposal; at which facility it was is known to its project alone."""
    op.drop_table("proposal_grant")
    op.drop_table("call_offer")
    if not _is_sqlite():
        op.execute("DROP FUNCTION guard_offer_hours()")
        op.execute("DROP FUNCTION guard_offer_minutes()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _create_tables() -> None:
    op.create_table(
        "call_offer",
        sa.Column("id", Key, nullable=False),
        sa.Column("call_id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("minutes", Key, nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_call_offer_minutes")),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["proposal_call.id"],
            name=op.f("fk_call_offer_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_call_offer_facility_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_offer")),
        sa.UniqueConstraint(
            "call_id", "facility_id", name=op.f("uq_call_offer_call_id_facility_id")
        ),
    )
    op.create_index("ix_call_offer_facility_id", "call_offer", ["facility_id"])
    op.create_table(
        "proposal_grant",
        sa.Column("proposal_id", Key, nullable=False),
        sa.Column("offer_id", Key, nullable=False),
        sa.Column("minutes", Key, nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_proposal_grant_minutes")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_grant_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["call_offer.id"], name=op.f("fk_proposal_grant_offer_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "offer_id", name=op.f("pk_proposal_grant")),
    )  # fmt: skip
    op.create_index("ix_proposal_grant_offer_id", "proposal_grant", ["offer_id"])
