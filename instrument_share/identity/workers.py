"""Which workers run: each says so several times a minute, so that its absence is noticed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from ..foundation.database import db
from .models import WorkerSeen

#: A worker that was not seen for so long no longer runs.
SILENCE = timedelta(minutes=5)
_KEPT = timedelta(days=7)


def note_seen(name: str, *, at: datetime) -> None:
    """Say that the worker of that name is at work; workers long gone are forgotten."""
    worker = db.session.get(WorkerSeen, name)
    if worker is None:
        db.session.add(WorkerSeen(name=name, started_at=at, seen_at=at))
        db.session.execute(delete(WorkerSeen).where(WorkerSeen.seen_at < at - _KEPT))
    else:
        worker.seen_at = at
    db.session.flush()


def last_seen() -> datetime | None:
    """When any worker was last seen; None where none ever was."""
    return db.session.scalar(select(func.max(WorkerSeen.seen_at)))
