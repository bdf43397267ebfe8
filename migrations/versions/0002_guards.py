"""What the database refuses by itself, and the search index, in the form of each engine.

- two holds on one position never overlap (exclusion constraint; trigger on SQLite)
- ledgers, usage, charges, statements and the audit trail are append-only
- minutes are reserved only within the quota that was granted

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "audit_entry",
    "minutes_entry",
    "money_entry",
    "usage_record",
    "charge_line",
    "statement",
    "statement_line",
)

SQLITE_HOLD = """
CREATE TRIGGER hold_overlap_{event} BEFORE {event} ON hold
WHEN EXISTS (
    SELECT 1 FROM hold AS other
    WHERE other.instrument_id = NEW.instrument_id AND other.position = NEW.position
      AND other.id IS NOT NEW.id
      AND other.held_from < NEW.held_until AND NEW.held_from < other.held_until
)
BEGIN SELECT RAISE(ABORT, 'hold_overlap: this position is taken at that time'); END
"""

SQLITE_APPEND_ONLY = """
CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, 'append_only: {table} refuses {event}'); END
"""

SQLITE_QUOTA = """
CREATE TRIGGER minutes_entry_quota AFTER INSERT ON minutes_entry
WHEN NEW.kind = 'reserve' AND (
    SELECT COALESCE(SUM(CASE WHEN credit = 'available' THEN minutes ELSE -minutes END), 0)
    FROM minutes_entry
    WHERE agreement_id = NEW.agreement_id AND year = NEW.year
      AND (credit = 'available' OR debit = 'available')
) < 0
BEGIN SELECT RAISE(ABORT, 'quota_exhausted: more than the quota'); END
"""

POSTGRESQL_APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append_only: % refuses %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation'; END $$
"""

POSTGRESQL_QUOTA = """
CREATE FUNCTION guard_quota() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE remaining bigint;
BEGIN
    PERFORM 1 FROM agreement WHERE id = NEW.agreement_id FOR UPDATE;
    SELECT COALESCE(SUM(CASE WHEN credit = 'available' THEN minutes ELSE -minutes END), 0) INTO remaining
    FROM minutes_entry
    WHERE agreement_id = NEW.agreement_id AND year = NEW.year
      AND (credit = 'available' OR debit = 'available');
    IF remaining < 0 THEN
        RAISE EXCEPTION 'quota_exhausted: more than the quota' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()
    op.execute("INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '')")


def downgrade() -> None:
    op.execute("DELETE FROM audit_head")
    if op.get_bind().dialect.name == "sqlite":
        _downgrade_sqlite()
    else:
        _downgrade_postgresql()


def _upgrade_sqlite() -> None:
    for event in ("INSERT", "UPDATE"):
        op.execute(SQLITE_HOLD.format(event=event))
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            op.execute(SQLITE_APPEND_ONLY.format(table=table, event=event))
    op.execute(SQLITE_QUOTA)
    op.execute(
        "CREATE VIRTUAL TABLE instrument_search USING fts5(name, body, tokenize = 'unicode61')"
    )
    op.execute(
        "CREATE TRIGGER instrument_search_gone AFTER DELETE ON instrument "
        "BEGIN DELETE FROM instrument_search WHERE rowid = OLD.id; END"
    )


def _downgrade_sqlite() -> None:
    op.execute("DROP TRIGGER instrument_search_gone")
    op.execute("DROP TABLE instrument_search")
    op.execute("DROP TRIGGER minutes_entry_quota")
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER {table}_no_{event}")
    for event in ("INSERT", "UPDATE"):
        op.execute(f"DROP TRIGGER hold_overlap_{event}")


def _upgrade_postgresql() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(
        "ALTER TABLE hold ADD CONSTRAINT hold_overlap EXCLUDE USING gist "
        "(instrument_id WITH =, position WITH =, tstzrange(held_from, held_until) WITH &&)"
    )
    op.execute(POSTGRESQL_APPEND_ONLY)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(POSTGRESQL_QUOTA)
    op.execute(
        "CREATE TRIGGER minutes_entry_quota AFTER INSERT ON minutes_entry FOR EACH ROW "
        "WHEN (NEW.kind = 'reserve') EXECUTE FUNCTION guard_quota()"
    )
    op.execute(
        "CREATE TABLE instrument_search (instrument_id bigint PRIMARY KEY "
        "REFERENCES instrument (id) ON DELETE CASCADE, document tsvector NOT NULL)"
    )
    op.execute(
        "CREATE INDEX ix_instrument_search_document ON instrument_search USING gin (document)"
    )


def _downgrade_postgresql() -> None:
    op.execute("DROP TABLE instrument_search")
    op.execute("DROP TRIGGER minutes_entry_quota ON minutes_entry")
    op.execute("DROP FUNCTION guard_quota()")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("ALTER TABLE hold DROP CONSTRAINT hold_overlap")
