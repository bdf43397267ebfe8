"""Checks that are open the day before: whoever has to do them is reminded, once, however many workers there are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from ...catalogue.rules import AccessMode
from ...foundation.database import db
from ..happenings import Happening, tell_of
from ..models import Booking
from ..rules import REMINDED_BEFORE, State
from ..services.due import Duty
from .models import CheckReminder, ConnectionCheck
from .queries import checks_of
from .rules import Check, Doer, open_for

_TOLD = {Doer.APPLICANT: Happening.CHECKS_OPEN, Doer.ON_DUTY: Happening.CHECKS_OPEN_ON_DUTY}


def _has_open_checks(at: datetime) -> ColumnElement[bool]:
    soon = (Booking.starts_at > at) & (Booking.starts_at <= at + REMINDED_BEFORE)
    done = select(func.count()).where(ConnectionCheck.booking_id == Booking.id).scalar_subquery()
    told = select(CheckReminder.booking_id).where(
        CheckReminder.booking_id == Booking.id, CheckReminder.starts_at == Booking.starts_at
    )
    remote = (Booking.state == State.CONFIRMED) & (Booking.access_mode == AccessMode.REMOTE)
    return remote & soon & (done < len(Check)) & ~told.exists()


def _remind(booking: Booking, at: datetime) -> None:
    """Each for theirs; a reminder is no change of the booking: its version stays."""
    db.session.merge(CheckReminder(booking_id=booking.id, starts_at=booking.starts_at))
    done = checks_of(booking)
    for doer, happening in _TOLD.items():
        left = open_for(doer, done)
        if left:
            tell_of(booking, happening, by=None, at=at, detail=" ".join(left))


OPEN_CHECKS = Duty(_has_open_checks, Booking.starts_at, _remind)
