"""Acting on a booking: who may, from which state, on which version; and telling the house afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from ..foundation.errors import Forbidden, StaleVersion
from ..foundation.interval import Interval
from ..foundation.signals import booking_changed
from ..identity import audit
from ..identity.acting import actor_of
from ..identity.models import Person
from ..identity.rules import acts_for, may
from .errors import CommentMissing, WrongState
from .models import Booking
from .queries import booking_for, subject_of
from .rules import LIFECYCLE, NEEDS_COMMENT, Action, State
from .values import FinishedUse

#: Actions that a calendar shows: they raise the event's SEQUENCE (RFC 5545 section 3.8.7.4).
_SHOWN = frozenset(
    {
        Action.OFFER,
        Action.SUBMIT,
        Action.APPROVE,
        Action.RESCHEDULE,
        Action.CANCEL,
        Action.WITHDRAW,
        Action.REJECT,
        Action.EXPIRE,
        Action.FOLLOW_CLOCKS,
    }
)


#: Whose deputy makes one of these, the step tells.
_DECISIONS = frozenset({Action.APPROVE, Action.REJECT, Action.REQUEST_CHANGES})


def booking_to_act_on(
    reference: str, action: Action, *, by: Person, version: int | None, comment: str = ""
) -> Booking:
    """The booking, locked, when `by` may do `action` with it as it is.

    Raises NotFound for one that they may not see, Forbidden, StaleVersion where it is no longer at `version` (None
    acts on whatever is there), WrongState, and CommentMissing where the action says nothing without a reason.
    """
    booking = booking_for(by, reference, to_change=True)
    _check_permitted(booking, action, by)
    if version is not None and version != booking.version:
        raise StaleVersion(version=booking.version, state=booking.state)
    if not leads_somewhere(State(booking.state), action):
        raise WrongState(booking.state, action)
    if action in NEEDS_COMMENT and not comment.strip():
        raise CommentMissing()
    flag_modified(booking, "changed_at")  # the version rises whatever else changes
    return booking


def leads_somewhere(state: State, action: Action) -> bool:
    return (state, action) in LIFECYCLE


def tell(
    booking: Booking,
    action: Action,
    *,
    was: State,
    by: Person | None,
    at: datetime,
    comment: str = "",
    usage: FinishedUse | None = None,
    moved_from: Interval | None = None,
    is_first: bool = False,
    deputy_of: int | None = None,
) -> None:
    """Record what was done and let every floor above write its part, in this transaction.

    `is_first`: no calendar has shown the booking before; its sequence begins as it is (and its row is written once).
    `deputy_of`: whom `by` stood in for with a decision; for everything else the permission tells it.
    """
    if not is_first and (action in _SHOWN or _is_same_second(booking.changed_at, at)):
        booking.sequence += 1
    if booking.changed_at != at:  # what is set to what it was is looked through again for nothing
        booking.changed_at = at
    audit.record(
        f"booking.{action}", "booking", booking.reference, by=by.id if by else None, at=at,
        was=was, now=booking.state, **_times(booking, moved_from),
        **_deputy(booking, action, by, deputy_of),
    )  # fmt: skip
    booking_changed.send(
        booking,
        action=action,
        was=was,
        by=by,
        at=at,
        comment=comment,
        usage=usage,
        moved_from=moved_from,
    )


def _is_same_second(before: datetime, at: datetime) -> bool:
    """Whether DTSTAMP, which has whole seconds, cannot tell two changes apart (RFC 5546 section 2.1.5)."""
    return int(before.timestamp()) == int(at.timestamp())


def confirm(booking: Booking, at: datetime) -> State:
    """Everybody whom the route asks has said yes; returns the state before."""
    was = move(booking, Action.APPROVE)
    booking.decided_at, booking.hold_expires_at = at, None
    return was


def _deputy(
    booking: Booking, action: Action, by: Person | None, deputy_of: int | None
) -> dict[str, int]:
    """What the trail keeps of somebody who acted as a deputy."""
    if by is not None and deputy_of is None and action not in _DECISIONS:
        permission = next(
            (way.permission for (_, of), way in LIFECYCLE.items() if of == action), None
        )
        if permission is not None:
            deputy_of = acts_for(actor_of(by), permission, subject_of(booking))
    return {} if deputy_of is None else {"deputy_of": deputy_of}


def move(booking: Booking, action: Action) -> State:
    """Set the state that the lifecycle gives; returns the one before."""
    was = State(booking.state)
    booking.state = LIFECYCLE[was, action].to
    return was


def _times(booking: Booking, moved_from: Interval | None) -> dict[str, str]:
    """What the trail keeps of a move: the time before and the time after."""
    if moved_from is None:
        return {}
    slots = {"from": moved_from, "to": booking.slot}
    return {
        f"{name}_{edge}": getattr(slot, edge).isoformat()
        for name, slot in slots.items()
        for edge in ("start", "end")
    }


def _check_permitted(booking: Booking, action: Action, by: Person) -> None:
    """Asked of the action in any state, so that whoever may never do it learns no state by trying."""
    permissions = {way.permission for (_, of), way in LIFECYCLE.items() if of == action}
    actor, subject = actor_of(by), subject_of(booking)
    if not any(permission and may(actor, permission, subject) for permission in permissions):
        raise Forbidden()
