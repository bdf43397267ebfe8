"""Until when an office should decide and when it is reminded, by its own calendar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ...foundation.localtime import midnight_of
from ...foundation.working_days import working_day_after, working_day_before
from ..rules import decision_due, remind_of_decision
from .rules import Silence

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """The territory whose weekends and holidays an office keeps, and the clock that it goes by."""

    territory: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a step of a policy says about time."""

    working_days: int | None
    remind_days: int
    silence: Silence


@dataclass(frozen=True, slots=True)
class Times:
    due_at: datetime
    remind_at: datetime | None


def times_of(
    deadline: Deadline, office: OfficeCalendar, asked_at: datetime, expires_at: datetime
) -> Times:
    """The end of the n-th working day after the one on which the office was asked, and so many working days before it.

    Never after the hold runs out; where silence has a consequence, at the latest halfway there, so that there is time
    for it. A reminder that would come with the question itself comes halfway.
    """
    latest = expires_at
    if deadline.silence is not Silence.EXPIRE:
        latest = asked_at + (expires_at - asked_at) / 2
    if deadline.working_days is None:
        due_at = min(decision_due(asked_at, expires_at), latest)
        return Times(due_at, remind_of_decision(asked_at, due_at))
    today = asked_at.astimezone(office.zone).date()
    last_day = working_day_after(today, deadline.working_days, office.territory)
    due_at = min(midnight_of(last_day + _DAY, office.zone), latest)
    return Times(due_at, _reminder(deadline, office, asked_at, due_at))


def _reminder(
    deadline: Deadline, office: OfficeCalendar, asked_at: datetime, due_at: datetime
) -> datetime | None:
    """At the same time of day, so many working days before; none before means that nobody is reminded."""
    if not deadline.remind_days:
        return None
    day = due_at.astimezone(office.zone).date()
    earlier = working_day_before(day, deadline.remind_days, office.territory)
    remind_at = due_at - (day - earlier)
    return remind_at if remind_at > asked_at else due_at - (due_at - asked_at) / 2
