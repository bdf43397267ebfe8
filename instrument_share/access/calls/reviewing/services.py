"""Reviewers are appointed, declare what ties them to a proposal, and say once what they think of it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import exists, select

from ....foundation.database import db
from ....foundation.errors import InvalidInput, NotFound
from ....foundation.signals import reviewer_appointed
from ....identity import audit
from ....identity.models import Person
from ....identity.queries import person_by_email
from .. import queries as calls
from ..errors import HasConflict, NotInReview, OwnMatter, ReviewIsFinal, ReviewsStay
from ..models import Call, Conflict, Review, Reviewer, Score
from ..proposing.queries import takes_part
from ..rules import CallState, is_complete
from ..values import ReviewDraft
from .queries import Assignment, assignment_for


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
    present = next((it for it in call.reviewers if it.person_id == person.id), None)
    if present is not None:
        return present
    reviewer = Reviewer(
        call=call, person=person, person_id=person.id, appointed_by_id=by.id, appointed_at=at
    )
    db.session.add(reviewer)
    _record(call, "reviewer_appointed", by, at, person=person.id)
    reviewer_appointed.send(reviewer, by=by, at=at)
    return reviewer


def dismiss(reference: str, person_id: int, *, by: Person, at: datetime) -> None:
    """Take somebody off a call's reviewers. Raises NotFound, NotInReview, and ReviewsStay where they handed one in."""
    call = _undecided(reference, by, at)
    reviewer = next((it for it in call.reviewers if it.person_id == person_id), None)
    if reviewer is None:
        raise NotFound()
    if db.session.scalar(select(exists().where(Review.reviewer_id == reviewer.id))):
        raise ReviewsStay()
    call.reviewers.remove(reviewer)
    _record(call, "reviewer_dismissed", by, at, person=person_id)


def declare(reference: str, words: str, *, by: Person, at: datetime) -> Conflict:
    """Say why one should not judge a proposal; a review that one gave counts no longer. It is not taken back.

    Raises NotFound, NotInReview, and InvalidInput without words.
    """
    assignment = _to_review(reference, by, at)
    if not words.strip():
        raise InvalidInput(
            fields={"words": lazy_gettext("Say in a few words what ties you to it.")}
        )
    if assignment.declared is not None:
        return assignment.declared
    conflict = Conflict(
        proposal_id=assignment.proposal.id, reviewer_id=assignment.reviewer.id, words=words,
        declared_at=at,
    )  # fmt: skip
    db.session.add(conflict)
    _record(assignment.reviewer.call, "conflict_declared", by, at, proposal=reference)
    return conflict


def hand_in(reference: str, draft: ReviewDraft, *, by: Person, at: datetime) -> Review:
    """Give one's scores and comments on a proposal, for good.

    Raises NotFound, NotInReview, HasConflict, ReviewIsFinal, and InvalidInput where a score is missing.
    """
    assignment = _to_review(reference, by, at)
    if assignment.has_conflict:
        raise HasConflict()
    if assignment.review is not None:
        raise ReviewIsFinal()
    _check(draft, assignment.reviewer.call)
    review = Review(
        proposal_id=assignment.proposal.id,
        reviewer_id=assignment.reviewer.id,
        to_panel=draft.to_panel,
        to_applicant=draft.to_applicant,
        recommended_minutes=draft.recommended_minutes,
        submitted_at=at,
        scores=[Score(criterion_id=key, score=it) for key, it in sorted(draft.scores.items())],
    )
    db.session.add(review)
    _record(assignment.reviewer.call, "reviewed", by, at, proposal=reference)
    return review


def _undecided(reference: str, by: Person, at: datetime) -> Call:
    call = calls.managed_call(reference, by=by, to_change=True)
    if takes_part(by, call):
        raise OwnMatter()
    if call.state(at) == CallState.DECIDED:
        raise NotInReview()
    return call


def _to_review(reference: str, by: Person, at: datetime) -> Assignment:
    """One at a time for each reviewer, so that nobody hands in the same review twice."""
    db.session.execute(
        select(Reviewer.id)
        .where(Reviewer.person_id == by.id)
        .order_by(Reviewer.id)
        .with_for_update()
    )
    assignment = assignment_for(reference, by=by, at=at)
    if assignment.reviewer.call.state(at) != CallState.IN_REVIEW:
        raise NotInReview()
    return assignment


def _check(draft: ReviewDraft, call: Call) -> None:
    criteria = [each.id for each in call.criteria]
    missing = [key for key in criteria if key not in draft.scores]
    sentence = lazy_gettext("Choose a score.")
    if missing:
        raise InvalidInput(fields={f"score-{key}": sentence for key in missing})
    if not is_complete(draft.scores, criteria):
        raise InvalidInput(fields={f"score-{criteria[0]}": sentence})


def _record(call: Call, what: str, by: Person, at: datetime, **details: object) -> None:
    db.session.flush()
    audit.record(f"call.{what}", "call", call.reference, by=by.id, at=at, **details)
