"""Series as pages show them, in the reader's words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale, gettext, lazy_gettext

from ...foundation.http import show
from ...identity.models import Person
from ..labels import STATES
from ..models import Booking
from ..queries import actions_open_to
from ..rules import Action
from .errors import advice_on
from .planning import OnConflict, Planned, Status
from .queries import SeriesView
from .sentence import sentence_of, weekday_name
from .values import Extent

#: What is asked on a page of its own, and what the button says.
ASKED = {
    Action.RESCHEDULE: lazy_gettext("Move occurrences"),
    Action.CANCEL: lazy_gettext("Cancel occurrences"),
}
#: What the page says when it has been done.
DONE = {
    Action.CREATE: lazy_gettext(
        "The series is sent. All of its times are held for you until they are decided."
    ),
    Action.RESCHEDULE: lazy_gettext("The occurrences have new times."),
    Action.CANCEL: lazy_gettext("The occurrences are cancelled and their time is free again."),
    Action.APPROVE: lazy_gettext("Approved. The applicant is told by mail."),
    Action.REJECT: lazy_gettext("Rejected. The applicant is told the reason by mail."),
    Action.REQUEST_CHANGES: lazy_gettext(
        "Sent back. The applicant is told by mail what to change."
    ),
}
DECISIONS = (Action.APPROVE, Action.REJECT, Action.REQUEST_CHANGES)

SCOPES = {
    Extent.ONE: lazy_gettext("Only this one"),
    Extent.FOLLOWING: lazy_gettext("This one and all that follow"),
    Extent.ALL: lazy_gettext("All that are still to come"),
}
CHOICES = {
    OnConflict.SKIP: lazy_gettext("Leave them out"),
    OnConflict.SHIFT: lazy_gettext(
        "Move each to the nearest free time of the same day; leave it out where there is none"
    ),
    OnConflict.STOP: lazy_gettext("Ask for nothing; I want to change something first"),
}
_STATUSES = {
    Status.FREE: (lazy_gettext("free"), "good"),
    Status.CONFLICT: (lazy_gettext("cannot be had"), "bad"),
    Status.SKIPPED: (lazy_gettext("left out"), "neutral"),
    Status.SHIFTED: (lazy_gettext("moved"), "attention"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An occurrence of a plan: `when` is None where its wall time is not one instant, which `wall` tells then."""

    when: show.ShownPeriod | None
    wall: str
    status: str
    tone: str
    why: str
    instead: show.ShownPeriod | None


def rows_of(planned: Sequence[Planned], time_zone: str) -> list[Row]:
    """A plan as the check page lists it."""
    return [_row(each, time_zone) for each in planned]


def _row(planned: Planned, time_zone: str) -> Row:
    word, tone = _STATUSES[planned.status]
    locale = get_locale()
    return Row(
        when=show.period(planned.slot, time_zone) if planned.slot else None,
        wall=f"{format_skeleton('yMMMEd', planned.wall, locale=locale)} {planned.wall:%H:%M}",
        status=str(word),
        tone=tone,
        why=str(advice_on(planned.code)),
        instead=show.period(planned.shifted_to, time_zone) if planned.shifted_to else None,
    )


def digest_of_plan(planned: Sequence[Planned]) -> str:
    """What a check page carries, so that nothing else is saved than what it showed."""
    text = repr([(each.wall, each.status.value, each.taken) for each in planned])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def rhythm_of(series: Any) -> str:
    """The rule of a series in words."""
    return sentence_of(series.rrule, series.first_start, series.time_zone)


def actions_in(view: SeriesView, person: Person, at: datetime) -> dict[Action, int]:
    """With how many occurrences the person can do what, now; what is over is left alone."""
    open_ = Counter(
        action
        for booking in view.bookings
        if booking.starts_at > at
        for action in actions_open_to(person, booking, at)
    )
    return {action: open_[action] for action in (*ASKED, *DECISIONS) if open_[action]}


def counts_shown(bookings: Sequence[Booking]) -> str:
    """How many occurrences are in which state, in one line."""
    counts = Counter(booking.state for booking in bookings)
    return show.listed(
        [
            gettext("%(count)s %(state)s", count=show.number(count), state=STATES[state])
            for state, count in counts.items()
        ]
    )


def occurrence_choices(bookings: Sequence[Booking]) -> list[tuple[str, str]]:
    """The occurrences as choices of a list, on the instrument's clock."""
    return [
        (booking.reference, show.moment(booking.starts_at, booking.time_zone))
        for booking in bookings
    ]


def weekday_choices() -> list[tuple[str, str]]:
    """The weekdays as RFC 5545 writes them, with their names."""
    return [
        (code, weekday_name(day))
        for day, code in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))
    ]
