"""Training sessions and their places; qualifications that are revoked and run out; one use with an operator present.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)

_PLACES = "'booked', 'waiting', 'given_up', 'passed', 'failed', 'absent'"
_SEATED = "'booked', 'passed', 'failed', 'absent'"
_TOO_MANY = "training_places: the session has no such seat"

_SQLITE_GUARDS = (
    *(
        f"""
CREATE TRIGGER training_seat_{event.lower()} BEFORE {event} ON training_place
WHEN NEW.seat > (SELECT places FROM training_session WHERE id = NEW.session_id)
BEGIN SELECT RAISE(ABORT, '{_TOO_MANY}'); END
"""
        for event in ("INSERT", "UPDATE")
    ),
    f"""
CREATE TRIGGER training_places_fewer BEFORE UPDATE OF places ON training_session
WHEN NEW.places < (SELECT max(seat) FROM training_place WHERE session_id = NEW.id)
BEGIN SELECT RAISE(ABORT, '{_TOO_MANY}'); END
""",
)
_POSTGRESQL_GUARDS = (
    f"""
CREATE FUNCTION guard_training_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seat > (SELECT places FROM training_session WHERE id = NEW.session_id FOR SHARE) THEN
        RAISE EXCEPTION '{_TOO_MANY}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    f"""
CREATE FUNCTION guard_training_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.places < (SELECT max(seat) FROM training_place WHERE session_id = NEW.id) THEN
        RAISE EXCEPTION '{_TOO_MANY}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER training_seat BEFORE INSERT OR UPDATE ON training_place
FOR EACH ROW EXECUTE FUNCTION guard_training_seat()
""",
    """
CREATE TRIGGER training_places_fewer BEFORE UPDATE OF places ON training_session
FOR EACH ROW EXECUTE FUNCTION guard_training_places()
""",
)


def upgrade() -> None:
    _widen_qualifications()
    op.add_column("instrument", sa.Column("validity_months", Key, nullable=True))
    for table, name in (("instrument", "supervised_first_use"), ("booking", "supervised")):
        op.add_column(
            table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _create_sessions()
    _create_places()
    for guard in _SQLITE_GUARDS if _is_sqlite() else _POSTGRESQL_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    op.drop_table("training_place")
    op.drop_table("training_session")
    if not _is_sqlite():
        op.execute("DROP FUNCTION guard_training_seat()")
        op.execute("DROP FUNCTION guard_training_places()")
    op.drop_column("booking", "supervised")
    op.drop_column("instrument", "supervised_first_use")
    op.drop_column("instrument", "validity_months")
    op.drop_index("ix_qualification_remind_on", "qualification")
    for name in ("first_used_at", "revoke_reason", "revoked_at", "remind_on"):
        op.drop_column("qualification", name)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _widen_qualifications() -> None:
    op.add_column("qualification", sa.Column("remind_on", sa.Date(), nullable=True))
    op.add_column("qualification", sa.Column("revoked_at", Instant, nullable=True))
    op.add_column(
        "qualification", sa.Column("revoke_reason", sa.Text(), nullable=False, server_default="")
    )
    op.add_column("qualification", sa.Column("first_used_at", Instant, nullable=True))
    op.create_index("ix_qualification_remind_on", "qualification", ["remind_on"])


def _create_sessions() -> None:
    op.create_table(
        "training_session",
        sa.Column("id", Key, nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("trainer_id", Key, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("places", Key, nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("venue", sa.String(length=300), nullable=False),
        sa.Column("remote_url", sa.String(length=500), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_training_session_order")),
        sa.CheckConstraint("places BETWEEN 1 AND 500", name=op.f("ck_training_session_places")),
        sa.CheckConstraint(
            "level IN ('supervised', 'independent')", name=op.f("ck_training_session_level")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'held', 'cancelled')", name=op.f("ck_training_session_state")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{column}_id"], [f"{table}.id"], name=op.f(f"fk_training_session_{column}_id")
            )
            for column, table in (
                ("facility", "facility"),
                ("instrument", "instrument"),
                ("trainer", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
        sa.UniqueConstraint("reference", name=op.f("uq_training_session_reference")),
    )
    op.create_index("ix_training_session_facility_id", "training_session", ["facility_id"])
    op.create_index("ix_training_session_instrument_id", "training_session", ["instrument_id"])
    op.create_index("ix_training_session_when", "training_session", ["state", "starts_at"])


def _create_places() -> None:
    op.create_table(
        "training_place",
        sa.Column("id", Key, nullable=False),
        sa.Column("session_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("seat", Key, nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("marked_at", Instant, nullable=True),
        sa.CheckConstraint("seat >= 1", name=op.f("ck_training_place_seat")),
        sa.CheckConstraint(
            f"(state IN ({_SEATED})) = (seat IS NOT NULL)", name=op.f("ck_training_place_seated")
        ),
        sa.CheckConstraint(f"state IN ({_PLACES})", name=op.f("ck_training_place_state")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["training_session.id"],
            name=op.f("fk_training_place_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_training_place_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_place")),
        sa.UniqueConstraint(
            "session_id", "person_id", name=op.f("uq_training_place_session_id_person_id")
        ),
        sa.UniqueConstraint("session_id", "seat", name=op.f("uq_training_place_session_id_seat")),
    )
    op.create_index("ix_training_place_person_id", "training_place", ["person_id"])
