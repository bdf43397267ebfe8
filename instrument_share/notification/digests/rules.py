"""When a mail goes: a pure function of what it tells, of the reader's wishes, and of the reader's clock.

Nothing here makes a mail go earlier than it otherwise would, and nothing holds what cannot wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ...foundation.localtime import boundary_of
from ..rules import MAIL_ONLY, Kind


class Group(StrEnum):
    """Kinds of messages that are wished for together."""

    BOOKINGS = "bookings"
    CONVERSATIONS = "conversations"
    DECISIONS = "decisions"
    OPERATIONS = "operations"
    FREED_TIME = "freed_time"
    OTHER = "other"


class Pace(StrEnum):
    """How a group of messages comes by mail; on the site it is always at once."""

    SINGLE = "single"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


#: What goes at once, whatever the hour: secrets that were just asked for, warnings about one's own account, and offers
#: with a deadline.
AT_ONCE = MAIL_ONLY | {
    Kind.OFFERED, Kind.PASSWORD_CHANGED, Kind.EVERYTHING_ENDED, Kind.SECOND_FACTOR_RESET,
    Kind.WAY_IN_CONNECTED, Kind.WAY_IN_DISCONNECTED,
}  # fmt: skip
#: What is not named here is in `Group.OTHER`.
GROUPS: Mapping[Kind, Group] = {
    **dict.fromkeys(
        (
            Kind.RECEIVED, Kind.CONFIRMED, Kind.REJECTED, Kind.CHANGES_REQUESTED, Kind.MOVED,
            Kind.MOVED_CONFIRMED, Kind.WITHDRAWN, Kind.CANCELLED, Kind.EXPIRED, Kind.FINISHED,
            Kind.NO_SHOW, Kind.HIT, Kind.SPARED, Kind.REMINDER, Kind.CLOCKS_CHANGED,
            Kind.OFFER_RAN_OUT, Kind.LETTER_ISSUED, Kind.LETTER_REVOKED, Kind.SAMPLE_RECEIVED,
            Kind.SAMPLE_MEASURED, Kind.SAMPLE_KEPT, Kind.SAMPLE_RETURNED, Kind.SAMPLE_DESTROYED,
            Kind.RESULTS_OVERDUE, Kind.CREDIT_DECIDED, Kind.CHECKS_OPEN,
        ),
        Group.BOOKINGS,
    ),
    **dict.fromkeys((Kind.REMARK, Kind.NOTE), Group.CONVERSATIONS),
    **dict.fromkeys(
        (
            Kind.DECISION_NEEDED, Kind.DECISION_REMINDER, Kind.SETTLED_WITHOUT_YOU,
            Kind.INSTITUTION_APPLIED, Kind.VOUCHING_ASKED, Kind.LETTER_ASKED,
            Kind.CREDIT_CONTESTED,
        ),
        Group.DECISIONS,
    ),
    **dict.fromkeys(
        (
            Kind.EXPECTED, Kind.EXPECTED_ANEW, Kind.CALLED_OFF, Kind.CALENDAR_FAILING,
            Kind.SAMPLE_SENT, Kind.FAULT_REPORTED, Kind.ON_DUTY,
            Kind.CHECKS_OPEN_ON_DUTY,
        ),
        Group.OPERATIONS,
    ),
    Kind.FREED_TIME: Group.FREED_TIME,
}  # fmt: skip


def group_of(kind: Kind) -> Group | None:
    """The group that a kind is wished for in; None where nobody is asked."""
    if kind in AT_ONCE or kind is Kind.DIGEST:
        return None
    return GROUPS.get(kind, Group.OTHER)


#: What must not wait where the time that it is about begins so soon.
URGENT = frozenset(
    {
        Kind.CANCELLED, Kind.CALLED_OFF, Kind.HIT, Kind.MOVED, Kind.MOVED_CONFIRMED, Kind.EXPECTED,
        Kind.EXPECTED_ANEW, Kind.CLOCKS_CHANGED, Kind.CONFIRMED, Kind.REJECTED, Kind.EXPIRED,
        Kind.CHECKS_OPEN, Kind.CHECKS_OPEN_ON_DUTY, Kind.TRAINING_CANCELLED, Kind.TRAINING_MOVED_UP,
        Kind.TRAINING_MOVED,
    }
)  # fmt: skip
SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Quiet:
    """No mail from `start` until `end` on the reader's clock, over midnight where the end is earlier."""

    start: time
    end: time

    def covers(self, wall: time) -> bool:
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wishes; digests come at `hour`, weekly ones on `weekday` (0 is Monday)."""

    paces: Mapping[str, str] = field(default_factory=dict)
    hour: int = 8
    weekday: int = 0
    quiet: Quiet | None = None

    def pace_of(self, kind: Kind) -> Pace:
        group = group_of(kind)
        return Pace(self.paces.get(group, Pace.SINGLE)) if group else Pace.SINGLE


class Way(StrEnum):
    SEND = "send"
    HOLD = "hold"  # until the quiet hours end
    DIGEST = "digest"
    DROP = "drop"  # it stays on the site


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a mail; `at` is when, for those that wait."""

    way: Way
    at: datetime | None = None


def plan_of(
    kind: Kind, wishes: Wishes, zone: ZoneInfo, at: datetime, *, begins: datetime | None = None
) -> Plan:
    """What becomes at `at` of a mail about something that begins at `begins`."""
    is_urgent = kind in URGENT and begins is not None and at <= begins <= at + SOON
    if is_urgent or kind in AT_ONCE:
        return Plan(Way.SEND)
    pace = wishes.pace_of(kind)
    if pace is Pace.NONE:
        return Plan(Way.DROP)
    if pace is not Pace.SINGLE:
        return Plan(Way.DIGEST, next_digest(wishes, pace, zone, at))
    end = quiet_until(wishes.quiet, zone, at)
    return Plan(Way.HOLD, end) if end else Plan(Way.SEND)


def next_digest(wishes: Wishes, pace: Pace, zone: ZoneInfo, at: datetime) -> datetime:
    """The first digest after `at`, when the quiet hours are over."""
    today = at.astimezone(zone).date()
    days = (today + timedelta(days=n) for n in range(9))
    wanted = (day for day in days if pace is Pace.DAILY or day.weekday() == wishes.weekday)
    times = (
        _after_quiet(boundary_of(day, time(wishes.hour), zone), wishes, zone) for day in wanted
    )
    return next(moment for moment in times if moment > at)


def _after_quiet(moment: datetime, wishes: Wishes, zone: ZoneInfo) -> datetime:
    return quiet_until(wishes.quiet, zone, moment) or moment


def quiet_until(quiet: Quiet | None, zone: ZoneInfo, at: datetime) -> datetime | None:
    """When the quiet hours end in which `at` lies; None where it lies in none."""
    local = at.astimezone(zone)
    if quiet is None or not quiet.covers(local.time()):
        return None
    over_midnight = quiet.end <= quiet.start and local.time() >= quiet.start
    return _end_on(local.date() + timedelta(days=over_midnight), quiet.end, zone, at)


def _end_on(day: date, end: time, zone: ZoneInfo, at: datetime) -> datetime:
    """Where the clocks go back, the end comes twice: the one that is still ahead."""
    first = boundary_of(day, end, zone)
    if first > at:
        return first
    return datetime.combine(day, end).replace(tzinfo=zone, fold=1).astimezone(UTC)
