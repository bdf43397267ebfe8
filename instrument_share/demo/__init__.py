"""The demonstration: true public facts about universities and instruments, and a month of their sharing made up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import update

from ..accounting.errors import NothingToBill
from ..accounting.services import issue_statements
from ..foundation.clock import now, zone
from ..foundation.database import db
from ..foundation.transaction import transaction
from ..identity.queries import person_by_email
from ..notification.models import Message
from .agreements import qualify, write_agreements
from .bookings import Moment, moments_of, plan_for
from .calls import write_calls
from .catalogue import write_catalogue
from .closures import write_closures
from .content import read_content
from .joining import write_joining
from .papers import write_papers
from .people import People, write_people
from .policies import write_policies
from .positions import ask_for_the_whole, name_positions
from .prices import write_prices
from .screening import write_screenings
from .series import ask_for_series
from .talk import write_talk
from .training import write_training
from .visits import write_visits
from .waiting import write_waiting

__all__ = ["is_loaded", "load"]

#: Called with how much is done, from 0 to 1.
Progress = Callable[[float], None]


def is_loaded() -> bool:
    """Whether the database holds the demonstration already."""
    return person_by_email("researcher@demo.example") is not None


def load(at: datetime | None = None, progress: Progress = lambda share: None) -> None:
    """Write the demonstration as it stands at `at` (the present), all of it or nothing.

    The same moment gives the same data, but for the random references.
    """
    at = (at or now()).replace(second=0, microsecond=0)
    began = at - timedelta(days=120)
    content = read_content()
    with transaction():
        institutions, instruments = write_catalogue(content)
        name_positions(instruments)
        people = write_people(institutions, began)
        write_prices(content, instruments, began)
        write_agreements(institutions, people, began)
        qualify(people, instruments, began)
        moments = [*moments_of(plan_for(instruments, people, at), people, at), _billing(people, at)]
        for done, moment in enumerate(sorted(moments), 1):
            if moment.at <= at:
                moment.act(moment.at)
            progress(done / len(moments))
        write_closures(instruments, people, at)
        write_waiting(people, at)
        write_training(instruments, people, at)
        write_calls(instruments, people, at)
        write_papers(people, at)
        write_screenings(instruments, people, at)
        ask_for_the_whole(instruments, people, at)
        ask_for_series(instruments, people, at)
        write_visits(people, at)
        write_talk(people, at)
        write_joining(people, at)
        write_policies(people, at)
        _calm_the_post(at)


def _billing(people: People, at: datetime) -> Moment:
    """The programme office bills the month before, on the morning of the first day of this one."""
    first = at.astimezone(zone("Asia/Shanghai")).replace(day=1, hour=9, minute=0)
    period = (first - timedelta(days=2)).strftime("%Y-%m")

    def bill(moment: datetime) -> None:
        with suppress(NothingToBill):
            issue_statements(period, by=people.programme, at=moment)

    return Moment(min(first, at).astimezone(at.tzinfo), 0, bill)


def _calm_the_post(at: datetime) -> None:
    """Nothing of the past is sent by mail; what is older than three days was read."""
    db.session.flush()
    db.session.execute(update(Message).values(sent_at=Message.created_at, next_attempt_at=None))
    old = Message.created_at < at - timedelta(days=3)
    db.session.execute(update(Message).where(old).values(read_at=Message.created_at))
