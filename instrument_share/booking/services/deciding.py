"""Decisions on requests, each by whoever holds the role of the step that is pending."""

from __future__ import annotations

from datetime import datetime

from ...foundation.database import db
from ...identity.models import Person
from ..holding import release_hold
from ..lifecycle import booking_to_act_on, confirm, move, tell
from ..models import Booking
from ..routing import close_route, decide_step, open_next_step
from ..rules import Action, State, StepStatus


def approve(
    reference: str, *, by: Person, at: datetime, version: int | None, comment: str = ""
) -> Booking:
    """Say yes to the pending step that is theirs; with the last one the booking is confirmed.

    Raises Forbidden where the step is somebody else's, QuotaExhausted where the agreement has too little left.
    """
    booking = booking_to_act_on(reference, Action.APPROVE, by=by, version=version)
    step = decide_step(booking, StepStatus.APPROVED, comment, by=by, at=at)
    proceed(booking, by=by, at=at, comment=comment, deputy_of=step.decided_for_id)
    return booking


def proceed(
    booking: Booking,
    *,
    by: Person | None,
    at: datetime,
    comment: str = "",
    deputy_of: int | None = None,
) -> None:
    """After a step was approved: ask whoever comes next, or confirm. `by` is None where the policy approved it."""
    was = State(booking.state)
    if not open_next_step(booking, at):
        was = confirm(booking, at)
    tell(booking, Action.APPROVE, was=was, by=by, at=at, comment=comment, deputy_of=deputy_of)
    db.session.flush()


def reject(
    reference: str, *, by: Person, at: datetime, version: int | None, comment: str
) -> Booking:
    """Say no, with the reason; the time is free at once. Raises Forbidden, CommentMissing."""
    booking = booking_to_act_on(reference, Action.REJECT, by=by, version=version, comment=comment)
    step = decide_step(booking, StepStatus.REJECTED, comment, by=by, at=at)
    was = move(booking, Action.REJECT)
    booking.decided_at, booking.hold_expires_at = at, None
    close_route(booking)
    release_hold(booking)
    tell(
        booking, Action.REJECT, was=was, by=by, at=at, comment=comment,
        deputy_of=step.decided_for_id,
    )  # fmt: skip
    db.session.flush()
    return booking


def request_changes(
    reference: str, *, by: Person, at: datetime, version: int | None, comment: str
) -> Booking:
    """Send the request back with what should change; it keeps its time. Raises Forbidden, CommentMissing."""
    booking = booking_to_act_on(
        reference, Action.REQUEST_CHANGES, by=by, version=version, comment=comment
    )
    step = decide_step(booking, StepStatus.CHANGES_REQUESTED, comment, by=by, at=at)
    was = move(booking, Action.REQUEST_CHANGES)
    close_route(booking)
    tell(
        booking, Action.REQUEST_CHANGES, was=was, by=by, at=at, comment=comment,
        deputy_of=step.decided_for_id,
    )  # fmt: skip
    db.session.flush()
    return booking
