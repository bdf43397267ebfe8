"""The end of the audit trail moves with the entry that is written behind it, and nothing else can be written there.

So that an entry takes one statement while the end is locked, and that no program can branch the chain.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_REFUSAL = "audit_chain: this entry does not follow the last one"

POSTGRESQL = f"""
CREATE FUNCTION move_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_head SET sequence = NEW.sequence, hash = NEW.hash
    WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""

SQLITE_GUARD = f"""
CREATE TRIGGER audit_entry_follows BEFORE INSERT ON audit_entry
WHEN NOT EXISTS (
    SELECT 1 FROM audit_head WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous_hash
)
BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
"""

SQLITE_MOVE = """
CREATE TRIGGER audit_entry_head AFTER INSERT ON audit_entry
BEGIN UPDATE audit_head SET sequence = NEW.sequence, hash = NEW.hash; END
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_GUARD)
        op.execute(SQLITE_MOVE)
    else:
        op.execute(POSTGRESQL)
        op.execute(
            "CREATE TRIGGER audit_entry_head AFTER INSERT ON audit_entry "
            "FOR EACH ROW EXECUTE FUNCTION move_audit_head()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entry_head")
        op.execute("DROP TRIGGER audit_entry_follows")
    else:
        op.execute("DROP TRIGGER audit_entry_head ON audit_entry")
        op.execute("DROP FUNCTION move_audit_head()")
