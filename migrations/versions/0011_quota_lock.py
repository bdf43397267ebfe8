"""Reservations of one agreement take turns without keeping bookings from referring to it.

The guard locked an agreement against being referred to at all, so that whoever booked under it and whoever confirmed
such a booking could wait for each other.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_GUARD = """
CREATE OR REPLACE FUNCTION guard_quota() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE remaining bigint;
BEGIN
    PERFORM 1 FROM agreement WHERE id = NEW.agreement_id FOR {strength};
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
    _replace("NO KEY UPDATE")


def downgrade() -> None:
    _replace("UPDATE")


def _replace(strength: str) -> None:
    """On SQLite writers take turns anyway."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_GUARD.format(strength=strength))
