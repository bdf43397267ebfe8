"""The life of a booking as one table, what its approvals rest on, and when it is due. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ..foundation.interval import Interval
from ..foundation.localtime import days_between
from ..identity.rules import Permission, Role


class State(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"  # held for somebody on the waiting list until they accept
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    CONFIRMED = "confirmed"
    IN_USE = "in_use"
    COMPLETED = "completed"
    SETTLED = "settled"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NO_SHOW = "no_show"


#: States that hold time on the instrument.
LIVE = frozenset(
    {State.OFFERED, State.SUBMITTED, State.CHANGES_REQUESTED, State.CONFIRMED, State.IN_USE}
)


class Action(StrEnum):
    """What can be done to a booking; also the words of the API's `/actions/<action>`."""

    CREATE = "create"
    OFFER = "offer"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request-changes"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    START = "start"
    FINISH = "finish"
    MARK_NO_SHOW = "mark-no-show"
    EXPIRE = "expire"
    FOLLOW_CLOCKS = "follow-clocks"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class Transition:
    """Where an action leads and which permission it takes; None is for the system itself.

    `when_due`: the system does it, too, once its time has come.
    """

    to: State
    permission: Permission | None
    when_due: bool = False


_S, _A = State, Action

#: The lifecycle. Approving leads to `confirmed` with the last step; before that the booking stays submitted.
#: Rescheduling a confirmed booking leads to `submitted` where an approval is asked again (RESTS_ON); where all hold
#: it stays confirmed.
LIFECYCLE: dict[tuple[State, Action], Transition] = {
    (_S.DRAFT, _A.OFFER): Transition(_S.OFFERED, None),
    (_S.DRAFT, _A.SUBMIT): Transition(_S.SUBMITTED, Permission.EDIT_BOOKING),
    (_S.CHANGES_REQUESTED, _A.SUBMIT): Transition(_S.SUBMITTED, Permission.EDIT_BOOKING),
    (_S.OFFERED, _A.SUBMIT): Transition(_S.SUBMITTED, Permission.EDIT_BOOKING),
    (_S.OFFERED, _A.CANCEL): Transition(_S.CANCELLED, Permission.EDIT_BOOKING),
    (_S.OFFERED, _A.EXPIRE): Transition(_S.EXPIRED, None),
    (_S.SUBMITTED, _A.WITHDRAW): Transition(_S.DRAFT, Permission.EDIT_BOOKING),
    (_S.CHANGES_REQUESTED, _A.WITHDRAW): Transition(_S.DRAFT, Permission.EDIT_BOOKING),
    (_S.SUBMITTED, _A.APPROVE): Transition(_S.CONFIRMED, Permission.DECIDE),
    (_S.SUBMITTED, _A.REJECT): Transition(_S.REJECTED, Permission.DECIDE),
    (_S.SUBMITTED, _A.REQUEST_CHANGES): Transition(_S.CHANGES_REQUESTED, Permission.DECIDE),
    (_S.DRAFT, _A.RESCHEDULE): Transition(_S.DRAFT, Permission.EDIT_BOOKING),
    (_S.CHANGES_REQUESTED, _A.RESCHEDULE): Transition(
        _S.CHANGES_REQUESTED, Permission.EDIT_BOOKING
    ),
    (_S.SUBMITTED, _A.RESCHEDULE): Transition(_S.SUBMITTED, Permission.EDIT_BOOKING),
    (_S.CONFIRMED, _A.RESCHEDULE): Transition(_S.SUBMITTED, Permission.EDIT_BOOKING),
    (_S.DRAFT, _A.CANCEL): Transition(_S.CANCELLED, Permission.EDIT_BOOKING),
    (_S.SUBMITTED, _A.CANCEL): Transition(_S.CANCELLED, Permission.CANCEL_BOOKING),
    (_S.CHANGES_REQUESTED, _A.CANCEL): Transition(_S.CANCELLED, Permission.CANCEL_BOOKING),
    (_S.CONFIRMED, _A.CANCEL): Transition(_S.CANCELLED, Permission.CANCEL_BOOKING),
    (_S.CONFIRMED, _A.START): Transition(_S.IN_USE, Permission.RUN_BOOKING),
    (_S.IN_USE, _A.FINISH): Transition(_S.COMPLETED, Permission.RUN_BOOKING),
    (_S.CONFIRMED, _A.MARK_NO_SHOW): Transition(_S.NO_SHOW, Permission.RUN_BOOKING, when_due=True),
    (_S.SUBMITTED, _A.EXPIRE): Transition(_S.EXPIRED, None),
    (_S.CHANGES_REQUESTED, _A.EXPIRE): Transition(_S.EXPIRED, None),
    (_S.OFFERED, _A.FOLLOW_CLOCKS): Transition(_S.OFFERED, None),
    (_S.SUBMITTED, _A.FOLLOW_CLOCKS): Transition(_S.SUBMITTED, None),
    (_S.CHANGES_REQUESTED, _A.FOLLOW_CLOCKS): Transition(_S.CHANGES_REQUESTED, None),
    (_S.CONFIRMED, _A.FOLLOW_CLOCKS): Transition(_S.CONFIRMED, None),
    (_S.COMPLETED, _A.SETTLE): Transition(_S.SETTLED, None),
}

#: Actions that say nothing without a reason.
NEEDS_COMMENT = frozenset({Action.REJECT, Action.REQUEST_CHANGES})
#: How early before its time a booking may be started.
EARLY_START = timedelta(minutes=30)
#: How long after its time a use can have gone on.
LONGEST_OVERRUN = timedelta(days=1)
#: How long before its time an applicant is reminded of a booking.
REMINDED_BEFORE = timedelta(days=1)


class StepStatus(StrEnum):
    """`pending` is the step that is being decided; `waiting` ones come after it; `void` ones were cut off."""

    WAITING = "waiting"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes_requested"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class History:
    """What somebody did at a facility until a moment: uses that ended, bookings they did not come for, and whether they
    are qualified there to work by themselves. The points of their own record and of their institution's are those of
    all facilities.
    """

    uses: int = 0
    no_shows: int = 0
    independent: bool = False
    record: int = 100
    institution: int = 100


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What the approval policy looks at; kept with the booking as it was. `history` is read where a policy asks."""

    facility_id: int
    host_id: int
    host_country: str
    applicant_country: str | None
    safety_class: str = "none"
    payer_id: int | None = None
    access_mode: str = ""
    minutes: int = 0
    by_agreement: bool = False
    whole: bool = False
    vouched: bool = True
    off_hours: bool = False
    history: History | None = None
    screening_class: str = "none"


@dataclass(frozen=True, slots=True)
class Step:
    """A decision to be made: by whoever holds `role` within the scope (0: the programme, which has no id)."""

    role: Role
    scope_kind: str
    scope_id: int


@dataclass(frozen=True, slots=True)
class Seat:
    """Where on an instrument a booking takes place: on one position, on any of them (None), or on all (`whole`)."""

    position: int | None = None
    whole: bool = False

    def covers(self, other: Seat) -> bool:
        """Whether whoever agreed to this seat has agreed to the other one, too."""
        return self.whole or (not other.whole and self.position in (None, other.position))


#: Any position will do.
ANYWHERE = Seat()


@dataclass(frozen=True, slots=True)
class Placement:
    """When and where a booking takes place, as those who approved it saw it."""

    slot: Interval
    seat: Seat = ANYWHERE


class Change(StrEnum):
    """What rescheduling changes about a booking. Making it shorter within its own time changes none of these."""

    TIME = "time"  # some of the new time lies outside the old one
    DATES = "dates"  # it reaches a local day that the old time did not
    POSITION = "position"  # it is on another position, or takes more of them


#: What the approval of each step rests on: it is asked again when one of these changes, and holds else.
RESTS_ON: Mapping[str, frozenset[Change]] = {
    Role.FACILITY_MANAGER: frozenset({Change.TIME, Change.POSITION}),
    Role.SAFETY_OFFICER: frozenset({Change.POSITION}),
    Role.INTERNATIONAL_OFFICE: frozenset({Change.DATES}),
}


def changes_between(old: Placement, new: Placement, zone: ZoneInfo) -> frozenset[Change]:
    """What is different about `new` for those who approved `old`; `zone` is the instrument's."""
    found = {
        Change.TIME: not old.slot.contains(new.slot),
        Change.DATES: not _days_of(new.slot, zone) <= _days_of(old.slot, zone),
        Change.POSITION: not old.seat.covers(new.seat),
    }
    return frozenset(change for change, holds in found.items() if holds)


def still_holds(role: str, changes: frozenset[Change]) -> bool:
    """Whether an approval by `role` outlives these changes; one that the table does not name rests on everything."""
    return not RESTS_ON.get(role, frozenset(Change)) & changes


def _days_of(slot: Interval, zone: ZoneInfo) -> set[object]:
    return set(days_between(slot.start, slot.end, zone))


def hold_expiry(submitted_at: datetime, starts_at: datetime, *, days: int = 14) -> datetime:
    """When an undecided request lets go of its time: after two weeks, at the latest when it would begin."""
    return min(submitted_at + timedelta(days=days), starts_at)


def decision_due(asked_at: datetime, hold_expires_at: datetime) -> datetime:
    """By when somebody who was asked should decide: within five days, before the hold runs out."""
    return min(asked_at + timedelta(days=5), hold_expires_at)


def remind_of_decision(asked_at: datetime, due_at: datetime) -> datetime:
    """When whoever has not decided is reminded: a day before it is due, halfway where there are less than two."""
    return due_at - min(timedelta(days=1), (due_at - asked_at) / 2)


def is_told_lately(decided_at: datetime | None, starts_at: datetime) -> bool:
    """Whether the confirmation itself came so late that a reminder would only repeat it."""
    return decided_at is not None and decided_at > starts_at - REMINDED_BEFORE
