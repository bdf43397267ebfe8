"""A booking is in one of the states of its lifecycle, whatever writes it.

Revision ID: 0046
Revises: 0045
"""

from __future__ import annotations

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_NAME = "ck_booking_state"
_STATES = (
    "'draft', 'offered', 'submitted', 'changes_requested', 'confirmed', 'in_use', 'completed', 'settled', "
    "'rejected', 'cancelled', 'expired', 'no_show'"
)

#: SQLite would have to make the table anew for a check, and most of the house refers to this one.
_ON_SQLITE = {
    _NAME: "INSERT",
    f"{_NAME}_update": "UPDATE OF state",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE booking ADD CONSTRAINT {_NAME} CHECK (state IN ({_STATES}))")
        return
    for name, event in _ON_SQLITE.items():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON booking WHEN NEW.state NOT IN ({_STATES}) "
            f"BEGIN SELECT RAISE(ABORT, '{_NAME}: a booking has no such state'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE booking DROP CONSTRAINT {_NAME}")
        return
    for name in _ON_SQLITE:
        op.execute(f"DROP TRIGGER {name}")
