"""Decisions on a series: the same decision on every occurrence that waits for this person, or on none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from ....foundation.errors import Forbidden
from ....foundation.signals import series_changed
from ....identity.acting import actor_of
from ....identity.models import Person
from ... import services as bookings
from ...errors import CommentMissing
from ...models import Booking
from ...routing import may_decide
from ...rules import NEEDS_COMMENT, Action, State
from ..errors import NothingToDo
from ..queries import SeriesView
from .acting import done_with, series_to_act_on


def approve_series(
    reference: str, *, by: Person, at: datetime, version: int | None, comment: str = ""
) -> SeriesView:
    """Say yes to every occurrence whose pending step is this person's.

    Raises NotFound, StaleVersion, Forbidden where no occurrence waits for them, and OccurrenceRefused with the first
    one that cannot be approved, as where the quota ends before the series does; then none is.
    """
    return _decide(bookings.approve, Action.APPROVE, reference, by, at, version, comment)


def reject_series(
    reference: str, *, by: Person, at: datetime, version: int | None, comment: str
) -> SeriesView:
    """Say no to every occurrence that waits for this person. Raises as approve_series, and CommentMissing."""
    return _decide(bookings.reject, Action.REJECT, reference, by, at, version, comment)


def request_changes_of_series(
    reference: str, *, by: Person, at: datetime, version: int | None, comment: str
) -> SeriesView:
    """Send every occurrence that waits for this person back. Raises as approve_series, CommentMissing."""
    return _decide(
        bookings.request_changes, Action.REQUEST_CHANGES, reference, by, at, version, comment
    )


def _decide(
    service: Callable[..., Booking],
    action: Action,
    reference: str,
    by: Person,
    at: datetime,
    version: int | None,
    comment: str,
) -> SeriesView:
    view = series_to_act_on(reference, by=by, version=version)
    if action in NEEDS_COMMENT and not comment.strip():
        raise CommentMissing()
    waiting = _waiting_for(by, view.bookings)
    deeds = [
        done_with(service, action, booking, by=by, at=at, comment=comment) for booking in waiting
    ]
    series_changed.send(view.series, deeds=deeds, by=by, at=at, comment=comment)
    return view


def _waiting_for(person: Person, candidates: Sequence[Booking]) -> list[Booking]:
    submitted = [booking for booking in candidates if booking.state == State.SUBMITTED]
    if not submitted:
        raise NothingToDo()
    mine = [booking for booking in submitted if may_decide(booking, actor_of(person))]
    if not mine:
        raise Forbidden()
    return mine
