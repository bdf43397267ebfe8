"""Nothing is done by an account that was suspended meanwhile.

Whoever sends a request while their account is being closed was somebody when the request began. What they do ends with
an entry of the audit trail, and entries are written one after the other: the one that closes the account stands before
theirs, or behind it. So the database looks again when an entry is written. About one's own account entries are still
written: that it was closed, and who tried to sign in to it.

Revision ID: 0045
Revises: 0044
"""

from __future__ import annotations

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_FOLLOWS = "audit_chain: this entry does not follow the last one"
_CLOSED = "account_closed: the account is suspended or no more"
_BY_CLOSED = """
    NEW.actor_id IS NOT NULL
    AND NEW.subject_kind NOT IN ('provider', 'session', 'token')
    AND NOT (NEW.subject_kind = 'person' AND NEW.subject_id = CAST(NEW.actor_id AS varchar))
    AND EXISTS (SELECT 1 FROM person WHERE id = NEW.actor_id AND suspended_at IS NOT NULL)
"""
_SQLITE = f"""
CREATE TRIGGER audit_entry_of_closed BEFORE INSERT ON audit_entry
WHEN {_BY_CLOSED}
BEGIN SELECT RAISE(ABORT, '{_CLOSED}'); END
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SQLITE)
        return
    op.execute(
        _moving_head(f"""
    IF {_BY_CLOSED} THEN
        RAISE EXCEPTION '{_CLOSED}' USING ERRCODE = 'restrict_violation';
    END IF;
    """)
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entry_of_closed")
    else:
        op.execute(_moving_head(""))


def _moving_head(then: str) -> str:
    """The function behind each entry; when it runs, the row is locked that puts entries in their order."""
    return f"""
CREATE OR REPLACE FUNCTION move_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_head SET sequence = NEW.sequence, hash = NEW.hash
    WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION '{_FOLLOWS}' USING ERRCODE = 'restrict_violation';
    END IF;{then}
    RETURN NULL;
END $$
"""
