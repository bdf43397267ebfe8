"""Agreements in full: whole countries, single instruments, what is carried over, renewals; allocations of projects and
shares of co-built facilities as pots of the minutes ledger.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)

_ACCOUNTS = "'granted', 'carried', 'available', 'reserved', 'consumed'"
_ACCOUNTS_BEFORE = "'granted', 'available', 'reserved', 'consumed'"
_POT = (
    "(agreement_id IS NOT NULL AND allocation_id IS NULL AND share_id IS NULL)"
    " OR (agreement_id IS NULL AND allocation_id IS NOT NULL AND share_id IS NULL)"
    " OR (agreement_id IS NULL AND allocation_id IS NULL AND share_id IS NOT NULL)"
)
_OLD_COLUMNS = (
    "id, at, kind, agreement_id, institution_id, year, debit, credit, minutes, booking_id, usage_id"
)
_CARRIED = "kind IN ('carry_out', 'carry_in')"

#: SQLite changes a check only by making the table anew; its guards go and come with it.
_SQLITE_ENTRY = """
CREATE TABLE minutes_entry_anew (
    id INTEGER NOT NULL,
    at DATETIME NOT NULL,
    kind VARCHAR(40) NOT NULL,
    agreement_id INTEGER{required},
    institution_id INTEGER,
    year INTEGER NOT NULL,
    debit VARCHAR(40) NOT NULL,
    credit VARCHAR(40) NOT NULL,
    minutes INTEGER NOT NULL,
    booking_id INTEGER,
    usage_id INTEGER,{columns}
    CONSTRAINT ck_minutes_entry_credit CHECK (credit IN ({accounts})),
    CONSTRAINT ck_minutes_entry_debit CHECK (debit IN ({accounts})),
    CONSTRAINT ck_minutes_entry_moves CHECK (debit <> credit),
    CONSTRAINT ck_minutes_entry_positive CHECK (minutes > 0),{constraints}
    CONSTRAINT fk_minutes_entry_agreement_id FOREIGN KEY (agreement_id) REFERENCES agreement (id),
    CONSTRAINT fk_minutes_entry_booking_id FOREIGN KEY (booking_id) REFERENCES booking (id),
    CONSTRAINT fk_minutes_entry_institution_id FOREIGN KEY (institution_id) REFERENCES institution (id),
    CONSTRAINT fk_minutes_entry_usage_id FOREIGN KEY (usage_id) REFERENCES usage_record (id),
    CONSTRAINT pk_minutes_entry PRIMARY KEY (id)
)
"""
_SQLITE_COLUMNS = """
    allocation_id INTEGER,
    share_id INTEGER,"""
_SQLITE_CONSTRAINTS = f"""
    CONSTRAINT ck_minutes_entry_pot CHECK ({_POT}),
    CONSTRAINT fk_minutes_entry_allocation_id
        FOREIGN KEY (allocation_id) REFERENCES project_allocation (id),
    CONSTRAINT fk_minutes_entry_share_id FOREIGN KEY (share_id) REFERENCES facility_share (id),"""
_SQLITE_APPEND_ONLY = """
CREATE TRIGGER minutes_entry_no_{event} BEFORE {event} ON minutes_entry
BEGIN SELECT RAISE(ABORT, 'append_only: minutes_entry refuses {event}'); END
"""
_SQLITE_QUOTA = """
CREATE TRIGGER minutes_entry_quota AFTER INSERT ON minutes_entry
WHEN NEW.kind IN ({kinds}) AND (
    SELECT COALESCE(SUM(CASE WHEN credit = 'available' THEN minutes ELSE -minutes END), 0)
    FROM minutes_entry
    WHERE (credit = 'available' OR debit = 'available') AND {same}
) < 0
BEGIN SELECT RAISE(ABORT, 'quota_exhausted: more than the quota'); END
"""
_SAME = """(
        (agreement_id = NEW.agreement_id AND year = NEW.year)
        OR allocation_id = NEW.allocation_id
        OR (share_id = NEW.share_id AND year = NEW.year)
      )"""
_SAME_BEFORE = "agreement_id = NEW.agreement_id AND year = NEW.year"
_GUARD = """
CREATE OR REPLACE FUNCTION guard_quota() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE remaining bigint;
BEGIN
    {locks}
    SELECT COALESCE(SUM(CASE WHEN credit = 'available' THEN minutes ELSE -minutes END), 0) INTO remaining
    FROM minutes_entry
    WHERE (credit = 'available' OR debit = 'available') AND {same};
    IF remaining < 0 THEN
        RAISE EXCEPTION 'quota_exhausted: more than the quota' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""
_LOCK_BEFORE = "PERFORM 1 FROM agreement WHERE id = NEW.agreement_id FOR NO KEY UPDATE;"
_LOCKS = f"""{_LOCK_BEFORE}
    PERFORM 1 FROM project_allocation WHERE id = NEW.allocation_id FOR NO KEY UPDATE;
    PERFORM 1 FROM facility_share WHERE id = NEW.share_id FOR NO KEY UPDATE;"""


def upgrade() -> None:
    _widen_agreement()
    _widen_project()
    op.add_column(
        "facility", sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _create_share()
    _create_notice()
    if _is_postgresql():
        _widen_ledger()
    else:
        _rebuild_ledger()
    _index_ledger()


def downgrade() -> None:
    """What the columns of before cannot say is forgotten: entries of allocations and shares, and what was carried."""
    if _is_postgresql():
        _narrow_ledger()
    else:
        _restore_ledger()
    op.drop_table("quota_notice")
    op.drop_table("facility_share")
    op.drop_table("project_allocation")
    op.drop_table("project_candidate")
    op.drop_column("facility", "shared")
    _narrow_project()
    _narrow_agreement()


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _widen_agreement() -> None:
    op.execute(
        "ALTER TABLE agreement ADD COLUMN carry_rule VARCHAR(40) NOT NULL DEFAULT 'none' "
        "CONSTRAINT ck_agreement_carry_rule CHECK (carry_rule IN ('none', 'hours', 'percent'))"
    )
    op.add_column("agreement", sa.Column("carry_amount", Key, nullable=False, server_default="0"))
    op.add_column("agreement", sa.Column("carried_year", Key))
    _add_reference("agreement", "predecessor_id", "agreement")
    op.create_index("uq_agreement_predecessor_id", "agreement", ["predecessor_id"], unique=True)
    op.create_table(
        "agreement_instrument",
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("instrument_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name="fk_agreement_instrument_agreement_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name="fk_agreement_instrument_instrument_id"
        ),
        sa.PrimaryKeyConstraint("agreement_id", "instrument_id", name="pk_agreement_instrument"),
    )
    op.create_table(
        "agreement_country",
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name="fk_agreement_country_agreement_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agreement_id", "country", name="pk_agreement_country"),
    )
    op.create_index("ix_agreement_country_country", "agreement_country", ["country"])


def _narrow_agreement() -> None:
    op.drop_table("agreement_country")
    op.drop_table("agreement_instrument")
    op.drop_index("uq_agreement_predecessor_id", "agreement")
    for name in ("predecessor_id", "carried_year", "carry_amount", "carry_rule"):
        op.drop_column("agreement", name)


def _widen_project() -> None:
    _add_reference("project", "lead_id", "person")
    op.create_index("ix_project_lead_id", "project", ["lead_id"])
    op.add_column(
        "project", sa.Column("allocated", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("project", sa.Column("version", Key, nullable=False, server_default="1"))
    op.create_table(
        "project_candidate",
        sa.Column("project_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.CheckConstraint("kind IN ('invited', 'asks')", name=op.f("ck_project_candidate_kind")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_project_candidate_person_id"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name="fk_project_candidate_project_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "person_id", name="pk_project_candidate"),
    )
    op.create_index("ix_project_candidate_person_id", "project_candidate", ["person_id"])
    op.create_table(
        "project_allocation",
        sa.Column("id", Key, nullable=False),
        sa.Column("project_id", Key, nullable=False),
        sa.Column("facility_id", Key),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("minutes", Key, nullable=False),
        sa.Column("granted_by_id", Key),
        sa.Column("granted_at", Instant, nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_project_allocation_order")),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_project_allocation_minutes")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name="fk_project_allocation_facility_id"
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name="fk_project_allocation_granted_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_project_allocation_project_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_project_allocation"),
    )
    op.create_index("ix_project_allocation_project_id", "project_allocation", ["project_id"])


def _narrow_project() -> None:
    op.drop_index("ix_project_lead_id", "project")
    for name in ("version", "allocated", "lead_id"):
        op.drop_column("project", name)


def _create_share() -> None:
    op.create_table(
        "facility_share",
        sa.Column("id", Key, nullable=False),
        sa.Column("facility_id", Key, nullable=False),
        sa.Column("institution_id", Key, nullable=False),
        sa.Column("percent", Key, nullable=False),
        sa.Column("granted_year", Key),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_facility_share_percent")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name="fk_facility_share_facility_id"
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name="fk_facility_share_institution_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_facility_share"),
        sa.UniqueConstraint(
            "facility_id", "institution_id", name="uq_facility_share_facility_id_institution_id"
        ),
    )
    op.create_index("ix_facility_share_institution_id", "facility_share", ["institution_id"])


def _create_notice() -> None:
    op.create_table(
        "quota_notice",
        sa.Column("agreement_id", Key, nullable=False),
        sa.Column("year", Key, nullable=False),
        sa.Column("partner_id", Key, nullable=False),
        sa.Column("percent", Key, nullable=False),
        sa.Column("told_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name="fk_quota_notice_agreement_id"
        ),
        sa.PrimaryKeyConstraint(
            "agreement_id", "year", "partner_id", "percent", name="pk_quota_notice"
        ),
    )


def _add_reference(table: str, column: str, other: str) -> None:
    """SQLite takes the constraint with the column, which keeps the table as it is."""
    name = f"fk_{table}_{column}"
    if _is_postgresql():
        op.add_column(table, sa.Column(column, Key))
        op.create_foreign_key(name, table, other, [column], ["id"])
        return
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {other} (id)"
    )


def _index_ledger() -> None:
    op.create_index("ix_minutes_entry_allocation_id", "minutes_entry", ["allocation_id"])
    op.create_index("ix_minutes_entry_share", "minutes_entry", ["share_id", "year"])
    op.create_index(
        "uq_minutes_entry_carried", "minutes_entry", ["agreement_id", "year", "kind"],
        unique=True, sqlite_where=sa.text(_CARRIED), postgresql_where=sa.text(_CARRIED),
    )  # fmt: skip


def _widen_ledger() -> None:
    op.alter_column("minutes_entry", "agreement_id", nullable=True)
    _add_reference("minutes_entry", "allocation_id", "project_allocation")
    _add_reference("minutes_entry", "share_id", "facility_share")
    _check_accounts(_ACCOUNTS)
    op.execute(f"ALTER TABLE minutes_entry ADD CONSTRAINT ck_minutes_entry_pot CHECK ({_POT})")
    op.execute(_GUARD.format(locks=_LOCKS, same=_SAME))
    _guard_kinds("'reserve', 'carry_out'")


def _narrow_ledger() -> None:
    op.execute("ALTER TABLE minutes_entry DISABLE TRIGGER USER")
    op.execute(f"DELETE FROM minutes_entry WHERE agreement_id IS NULL OR {_CARRIED}")
    op.execute("ALTER TABLE minutes_entry ENABLE TRIGGER USER")
    _guard_kinds("'reserve'")
    op.execute(_GUARD.format(locks=_LOCK_BEFORE, same=_SAME_BEFORE))
    op.execute("DROP INDEX uq_minutes_entry_carried")
    op.execute("ALTER TABLE minutes_entry DROP CONSTRAINT ck_minutes_entry_pot")
    for name in ("allocation_id", "share_id"):
        op.drop_column("minutes_entry", name)
    op.alter_column("minutes_entry", "agreement_id", nullable=False)
    _check_accounts(_ACCOUNTS_BEFORE)


def _check_accounts(accounts: str) -> None:
    for side in ("debit", "credit"):
        op.execute(f"ALTER TABLE minutes_entry DROP CONSTRAINT ck_minutes_entry_{side}")
        op.execute(
            f"ALTER TABLE minutes_entry ADD CONSTRAINT ck_minutes_entry_{side} CHECK ({side} IN ({accounts}))"
        )


def _guard_kinds(kinds: str) -> None:
    op.execute("DROP TRIGGER minutes_entry_quota ON minutes_entry")
    op.execute(
        "CREATE TRIGGER minutes_entry_quota AFTER INSERT ON minutes_entry FOR EACH ROW "
        f"WHEN (NEW.kind IN ({kinds})) EXECUTE FUNCTION guard_quota()"
    )


def _rebuild_ledger() -> None:
    table = _SQLITE_ENTRY.format(
        required="",
        columns=_SQLITE_COLUMNS,
        accounts=_ACCOUNTS,
        constraints=_SQLITE_CONSTRAINTS,
    )
    _replace_ledger(table, "1 = 1", "'reserve', 'carry_out'", _SAME)


def _restore_ledger() -> None:
    table = _SQLITE_ENTRY.format(
        required=" NOT NULL", columns="", accounts=_ACCOUNTS_BEFORE, constraints=""
    )
    kept = f"agreement_id IS NOT NULL AND NOT {_CARRIED}"
    _replace_ledger(table, kept, "'reserve'", _SAME_BEFORE)


def _replace_ledger(table: str, kept: str, kinds: str, same: str) -> None:
    op.execute(table)
    op.execute(
        f"INSERT INTO minutes_entry_anew ({_OLD_COLUMNS}) SELECT {_OLD_COLUMNS} FROM minutes_entry WHERE {kept}"
    )
    op.execute("DROP TABLE minutes_entry")
    op.execute("ALTER TABLE minutes_entry_anew RENAME TO minutes_entry")
    op.create_index("ix_minutes_entry_booking_id", "minutes_entry", ["booking_id"])
    op.create_index("ix_minutes_entry_quota", "minutes_entry", ["agreement_id", "year"])
    for event in ("UPDATE", "DELETE"):
        op.execute(_SQLITE_APPEND_ONLY.format(event=event))
    op.execute(_SQLITE_QUOTA.format(kinds=kinds, same=same))
