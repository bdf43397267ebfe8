"""What people say to each other in the demonstration: a conversation, feedback on uses, and a contested no-show."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from ..booking.afterwards import credit
from ..booking.afterwards.models import CreditEntry
from ..booking.afterwards.rules import Breach
from ..booking.afterwards.services import give_feedback, report_results
from ..booking.afterwards.values import Marks
from ..booking.conversation.services import say
from ..booking.conversation.values import Words
from ..booking.models import Booking
from ..booking.queries import waiting_for
from ..booking.rules import State
from ..foundation.database import db
from .people import People

_HOUR = timedelta(hours=1)


def write_talk(people: People, at: datetime) -> None:
    """The researcher asks, the facility answers and notes something, and two uses are commented on."""
    _talk_about_the_next_time(people, at)
    _ask_about_a_request(people, at)
    _comment_on_uses(people, at)
    _contest_a_no_show(at)


#: Hours ago, who spoke, what they said, and whether among the offices alone.
_LINES = (
    (9, "researcher", "May I bring two more samples of the same kind? They take ten minutes each.", False),
    (8, "manager", "First visit of this group: plan half an hour for the introduction.", True),
    (7, "manager", "Yes. Please label them as the others and send us the list two days before.", False),
)  # fmt: skip


def _talk_about_the_next_time(people: People, at: datetime) -> None:
    """Both sides on the researcher's next confirmed booking."""
    booking = db.session.scalar(
        select(Booking)
        .where(
            Booking.applicant_id == people.researcher.id,
            Booking.state == State.CONFIRMED,
            Booking.starts_at > at,
        )
        .order_by(Booking.starts_at)
    )
    if booking is not None:
        for hours, who, text, internal in _LINES:
            by = getattr(people, who)
            say(booking.reference, Words(text, internal), by=by, at=at - hours * _HOUR)


def _ask_about_a_request(people: People, at: datetime) -> None:
    """On a request that waits for the manager only the applicant has spoken."""
    waiting = db.session.scalars(waiting_for(people.manager).order_by(Booking.id)).first()
    if waiting is not None:
        text = "Should the samples arrive a day before, or do we bring them ourselves?"
        say(waiting.reference, Words(text), by=waiting.applicant, at=at - 2 * _HOUR)


def _comment_on_uses(people: People, at: datetime) -> None:
    used = db.session.scalars(
        select(Booking)
        .where(
            Booking.applicant_id == people.researcher.id,
            Booking.state.in_((State.COMPLETED, State.SETTLED)),
        )
        .order_by(Booking.starts_at.desc(), Booking.id)
        .limit(3)
    ).all()
    said = (
        Marks(5, 5, 4, "The operator's advice on mounting saved us a day."),
        Marks(4, 5, 4),
    )
    for booking, marks in zip(used[1:], said, strict=False):
        give_feedback(booking.reference, marks, by=people.researcher, at=at - 20 * _HOUR)
    if len(used) > 2:
        text = "A first data set; the group repeats it at another temperature before it writes."
        report_results(used[2].reference, text, by=people.researcher, at=at - 20 * _HOUR)


def _contest_a_no_show(at: datetime) -> None:
    entry = db.session.scalar(
        select(CreditEntry)
        .where(CreditEntry.kind == Breach.NO_SHOW, CreditEntry.happened_at < at - 4 * _HOUR)
        .order_by(CreditEntry.happened_at.desc())
    )
    if entry is not None:
        reason = "My flight was cancelled the evening before, and I wrote to the facility at once."
        credit.contest(entry.id, reason, by=entry.person, at=at - 3 * _HOUR)
