"""Holders are told 60 and 14 days before a qualification runs out, each time once, however many workers there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from ....foundation.chores import claimed
from ....foundation.database import db
from ....foundation.signals import qualification_changed
from ...rules import Level, is_enough
from ..models import Qualification
from ..rules import next_reminder

_PAGE = 200


def due_reminders(at: datetime, besides: Collection[int] = ()) -> Sequence[int]:
    """Qualifications whose holders are to be told, the longest due first."""
    return db.session.scalars(
        select(Qualification.id)
        .where(Qualification.remind_on <= at.date(), Qualification.id.not_in(besides))
        .order_by(Qualification.remind_on, Qualification.id)
        .limit(_PAGE)
    ).all()


def remind(qualification_id: int, at: datetime) -> bool:
    """Tell the holder; False where another worker has done so or it is no longer due."""
    row = claimed(
        select(Qualification).where(
            Qualification.id == qualification_id, Qualification.remind_on <= at.date()
        )
    )
    if row is None:
        return False
    row.remind_on = next_reminder(row.valid_until, at.date())
    db.session.flush()
    if row.valid_until is not None and row.valid_until >= at.date() and not _is_outlived(row):
        qualification_changed.send(row, what="ending", by=None, at=at)
    return True


def _is_outlived(row: Qualification) -> bool:
    """Whether the holder has another qualification for the instrument that is as good and lasts longer."""
    others = db.session.scalars(
        select(Qualification).where(
            Qualification.person_id == row.person_id,
            Qualification.instrument_id == row.instrument_id,
            Qualification.id != row.id,
            Qualification.revoked_at.is_(None),
        )
    )
    return any(
        is_enough(Level(other.level), Level(row.level))
        and (other.valid_until is None or (row.valid_until and other.valid_until > row.valid_until))
        for other in others
    )
