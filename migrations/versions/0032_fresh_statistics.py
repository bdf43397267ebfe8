"""PostgreSQL counts what waits again after few changes.

What waits for a decision is little among all that ever was: by the usual tenth of a table, the planner would learn of a
Monday's queue when it is long decided, and join every pending step with every request until then.

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_TABLES = ("booking", "approval_step", "hold")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            op.execute(
                f"ALTER TABLE {table} SET "
                "(autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 500)"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            op.execute(
                f"ALTER TABLE {table} RESET "
                "(autovacuum_analyze_scale_factor, autovacuum_analyze_threshold)"
            )
