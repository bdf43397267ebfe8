"""Whom those who look after a call ask to review it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import exists, select

from .....foundation.database import db
from .....foundation.errors import InvalidInput, NotFound
from .....foundation.signals import reviewer_appointed
from .....identity.models import Person
from .....identity.queries import person_by_email
from .....identity.rules import Permission
from ... import queries as calls
from ...errors import NotInReview, OwnMatter, ReviewsStay
from ...models import Call
from ...proposing.queries import is_own_matter
from ...rules import CallState
from ...trail import record
from ..models import Review, Reviewer


def appoint(reference: str, email: str, *, by: Person, at: datetime) -> Reviewer:
    """Ask somebody to review the proposals of a call; asked twice they are the same. They are told.

    Raises NotFound, NotInReview once it is decided, and InvalidInput where nobody has that address.
    """
    call = _undecided(reference, by, at)
    person = person_by_email(email)
    if person is None or not person.is_active:
        raise InvalidInput(
            fields={"email": lazy_gettext("Nobody has an account with this address.")}
        )
    present = _reviewer(call, person.id)
    if present is not None:
        return present
    reviewer = Reviewer(
        call=call, person=person, person_id=person.id, appointed_by_id=by.id, appointed_at=at
    )
    db.session.add(reviewer)
    record(call, "reviewer_appointed", by, at, person=person.id)
    reviewer_appointed.send(reviewer, by=by, at=at)
    return reviewer


def dismiss(reference: str, person_id: int, *, by: Person, at: datetime) -> None:
    """Take somebody off a call's reviewers. Raises NotFound, NotInReview, and ReviewsStay where they handed one in."""
    call = _undecided(reference, by, at)
    reviewer = _reviewer(call, person_id)
    if reviewer is None:
        raise NotFound()
    if db.session.scalar(select(exists().where(Review.reviewer_id == reviewer.id))):
        raise ReviewsStay()
    db.session.delete(reviewer)
    record(call, "reviewer_dismissed", by, at, person=person_id)


def _undecided(reference: str, by: Person, at: datetime) -> Call:
    call = calls.managed_call(reference, by=by, to_change=True)
    if is_own_matter(by, call, Permission.MANAGE_CALL):
        raise OwnMatter()
    if call.state(at) == CallState.DECIDED:
        raise NotInReview()
    return call


def _reviewer(call: Call, person_id: int) -> Reviewer | None:
    return db.session.scalar(
        select(Reviewer).where(Reviewer.call_id == call.id, Reviewer.person_id == person_id)
    )
