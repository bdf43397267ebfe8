"""What the worker needs: how long a late user is waited for, who was reminded of what, when a worker was last seen;
and the wall time that a booking was made for, so that a change of the clocks' rules is noticed.

Revision ID: 0010
Revises: 0008
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

_BATCH = 1000
_LIVE = ("offered", "submitted", "changes_requested", "confirmed", "in_use")
_BOOKING = sa.table(
    "booking",
    sa.column("id", sa.BigInteger),
    sa.column("state", sa.String),
    sa.column("time_zone", sa.String),
    sa.column("starts_at", sa.DateTime(timezone=True)),
    sa.column("ends_at", sa.DateTime(timezone=True)),
    sa.column("wall_starts_at", sa.DateTime()),
    sa.column("wall_ends_at", sa.DateTime()),
)
_STEP = sa.table(
    "approval_step",
    sa.column("status", sa.String),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("remind_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    whole = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE instrument ADD COLUMN grace_minutes {whole} "
        "CONSTRAINT ck_instrument_grace CHECK (grace_minutes >= 0)"
    )
    for name in ("wall_starts_at", "wall_ends_at"):
        op.add_column("booking", sa.Column(name, sa.DateTime()))
    op.add_column("booking", sa.Column("reminded_for", sa.DateTime(timezone=True)))
    op.add_column("approval_step", sa.Column("remind_at", sa.DateTime(timezone=True)))
    op.create_index("ix_approval_step_remind", "approval_step", ["remind_at"])
    op.create_table(
        "worker_seen",
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    _note_wall_times()
    op.execute(_STEP.update().where(_STEP.c.status == "pending").values(remind_at=_STEP.c.due_at))


def downgrade() -> None:
    op.drop_table("worker_seen")
    op.drop_index("ix_approval_step_remind", "approval_step")
    op.drop_column("approval_step", "remind_at")
    for name in ("reminded_for", "wall_ends_at", "wall_starts_at"):
        op.drop_column("booking", name)
    op.drop_column("instrument", "grace_minutes")


def _note_wall_times() -> None:
    """What the clocks show at the times of live bookings by the zone data of today, the best that can be known."""
    connection = op.get_bind()
    columns = (_BOOKING.c.id, _BOOKING.c.time_zone, _BOOKING.c.starts_at, _BOOKING.c.ends_at)
    rows = connection.execute(sa.select(*columns).where(_BOOKING.c.state.in_(_LIVE))).all()
    noting = (
        _BOOKING.update()
        .where(_BOOKING.c.id == sa.bindparam("key"))
        .values(wall_starts_at=sa.bindparam("start"), wall_ends_at=sa.bindparam("end"))
    )
    for first in range(0, len(rows), _BATCH):
        connection.execute(noting, list(_noted(rows[first : first + _BATCH])))


def _noted(rows: Iterable[Any]) -> Iterable[dict[str, Any]]:
    for key, zone, starts_at, ends_at in rows:
        yield {"key": key, "start": _shown(starts_at, zone), "end": _shown(ends_at, zone)}


def _shown(instant: datetime, zone: str) -> datetime:
    aware = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant
    return aware.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
