"""Nobody holds a role of the programme twice, and nothing is asked for by an account that was erased meanwhile.

A unique constraint takes no notice of rows whose scope has no id. And whoever sends a request while their account is
being erased was somebody when the request began: the database looks again when the row is written.

Revision ID: 0043
Revises: 0042
"""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

#: Tables, and their column that names who asks.
_ASKED_BY = (("booking", "applicant_id"), ("waiting_entry", "person_id"), ("remark", "author_id"))
_ERASED = "account_erased: the account is no more"

_TWICE = """
DELETE FROM role_grant WHERE scope_id IS NULL AND EXISTS (
    SELECT 1 FROM role_grant AS other
    WHERE other.person_id = role_grant.person_id AND other.role = role_grant.role
      AND other.scope_kind = role_grant.scope_kind AND other.scope_id IS NULL AND other.id < role_grant.id
)
"""
_FUNCTION = f"""
CREATE FUNCTION refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF EXISTS (SELECT 1 FROM person WHERE id = whose AND erased_at IS NOT NULL) THEN
        RAISE EXCEPTION '{_ERASED}' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute(_TWICE)
    op.execute(
        "CREATE UNIQUE INDEX uq_role_grant_programme ON role_grant (person_id, role, scope_kind) "
        "WHERE scope_id IS NULL"
    )
    if op.get_bind().dialect.name == "sqlite":
        for table, column in _ASKED_BY:
            op.execute(_on_sqlite(table, column))
        return
    op.execute(_FUNCTION)
    for table, column in _ASKED_BY:
        # After the check of the foreign key, which waits for the erasure to end.
        op.execute(
            f"CREATE TRIGGER {table}_of_erased AFTER INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_erased('{column}')"
        )


def downgrade() -> None:
    on = "" if op.get_bind().dialect.name == "sqlite" else " ON {table}"
    for table, _ in _ASKED_BY:
        op.execute(f"DROP TRIGGER {table}_of_erased" + on.format(table=table))
    if on:
        op.execute("DROP FUNCTION refuse_erased()")
    op.execute("DROP INDEX uq_role_grant_programme")


def _on_sqlite(table: str, column: str) -> str:
    return f"""
CREATE TRIGGER {table}_of_erased BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.{column} AND erased_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, '{_ERASED}'); END
"""
