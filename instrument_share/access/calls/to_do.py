"""What waits for people because of calls: reviews to hand in, and decisions to publish."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...foundation.database import db
from ...foundation.http.show import localized
from ...identity import waiting
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, may_somewhere
from ...identity.waiting import MOST, Pile, Thing
from .models import Call
from .queries import is_managed_by
from .reviewing.assignment import Assignment
from .reviewing.queries import assignments_of
from .rules import CallState


def connect() -> None:
    """Tell the inbox. Connecting again changes nothing."""
    waiting.register("reviews", lazy_gettext("Reviews to hand in"), _reviews, place=25)
    waiting.register("calls", lazy_gettext("Calls to decide"), _calls, place=26)


def _reviews(person: Person, at: datetime) -> Pile:
    due = [
        each
        for each in assignments_of(person, at)
        if each.is_due and each.reviewer.call.state(at) == CallState.IN_REVIEW
    ]
    due.sort(key=lambda each: (each.reviewer.call.review_until, each.proposal.id))
    return Pile([_review(each) for each in due[:MOST]], len(due), url_for("reviews.index"))


def _review(assignment: Assignment) -> Thing:
    call = assignment.reviewer.call
    return Thing(
        assignment.proposal.title,
        url_for("reviews.show", reference=assignment.proposal.reference),
        localized(call.titles),
        call.review_until,
        call.time_zone,
    )


def _calls(person: Person, at: datetime) -> Pile | None:
    if not may_somewhere(actor_of(person), Permission.DECIDE_CALL):
        return None
    found = db.session.scalars(
        select(Call)
        .where(
            is_managed_by(person),
            Call.announced_at <= at,
            Call.closes_at <= at,
            Call.decided_at.is_(None),
        )
        .options(joinedload(Call.facility))
        .order_by(Call.review_until, Call.id)
    ).all()
    things = [
        Thing(
            localized(each.titles),
            url_for("decisions.show", reference=each.reference),
            gettext("Reviews come in until then."),
            each.review_until,
            each.time_zone,
        )
        for each in found[:MOST]
    ]
    return Pile(things, len(found), url_for("calls.manage_index"))
