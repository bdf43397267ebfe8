"""What a reviewer does with a proposal: declares a conflict of interest, or keeps and hands in a review."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import select

from .....foundation.database import db
from .....foundation.errors import InvalidInput, StaleVersion
from .....identity.models import Person
from ... import queries as calls
from ...errors import HandedIn, HasConflict, NotInReview, ReviewIsFinal
from ...models import Call
from ...rules import CallState, fit_criteria
from ...trail import record
from ...values import ReviewDraft
from ..assignment import Assignment
from ..models import Conflict, Review, Reviewer, Score, UnfinishedReview
from ..queries import assignment_for

_CHOOSE = lazy_gettext("Choose a score.")


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
    if assignment.unfinished is not None:
        db.session.delete(assignment.unfinished)
    record(assignment.reviewer.call, "conflict_declared", by, at, proposal=reference)
    return conflict


def keep_unfinished(
    reference: str, draft: ReviewDraft, *, by: Person, at: datetime, version: int | None = None
) -> UnfinishedReview:
    """Keep what one has written so far, seen by nobody else; any of it may be missing.

    `version`: that of what `by` has seen. Raises NotFound, NotInReview, HasConflict, StaleVersion, HandedIn, and
    InvalidInput for a score that there is not.
    """
    assignment = _to_score(reference, by, at, version)
    if assignment.review is not None:
        raise HandedIn()
    _check_scores(draft, assignment.reviewer.call)
    kept = assignment.unfinished or UnfinishedReview(
        proposal_id=assignment.proposal.id, reviewer_id=assignment.reviewer.id, version=0
    )
    kept.scores = {str(key): it for key, it in sorted(draft.scores.items())}
    kept.to_panel, kept.to_applicant = draft.to_panel, draft.to_applicant
    kept.recommended_minutes = draft.recommended_minutes
    kept.saved_at, kept.version = at, assignment.version + 1
    db.session.add(kept)
    db.session.flush()
    return kept


def hand_in(
    reference: str, draft: ReviewDraft, *, by: Person, at: datetime, version: int | None = None
) -> Review:
    """Give one's scores and comments on a proposal; again until reviews are due, in the place of what one gave before.

    Raises as `keep_unfinished`, InvalidInput where a score is missing, and ReviewIsFinal.
    """
    assignment = _to_score(reference, by, at, version)
    if assignment.review is not None and not assignment.may_change(at):
        raise ReviewIsFinal()
    _check_whole(draft, assignment.reviewer.call)
    review = assignment.review
    if review is None:
        review = _begun(assignment, at)
        what, before = "reviewed", {}
    else:
        what, before = "review_changed", {"before": _said(review)}
        review.changed_at = at
    _write(review, draft, assignment.version + 1)
    record(
        assignment.reviewer.call, what, by, at, proposal=reference, scores=_said(review), **before
    )
    return review


def _begun(assignment: Assignment, at: datetime) -> Review:
    """A review in the place of what was not handed in."""
    if assignment.unfinished is not None:
        db.session.delete(assignment.unfinished)
    review = Review(
        proposal_id=assignment.proposal.id, reviewer_id=assignment.reviewer.id, submitted_at=at
    )
    db.session.add(review)
    return review


def _write(review: Review, draft: ReviewDraft, version: int) -> None:
    """Scores in place: one row for a criterion."""
    review.to_panel, review.to_applicant = draft.to_panel, draft.to_applicant
    review.recommended_minutes, review.version = draft.recommended_minutes, version
    there = {each.criterion_id: each for each in review.scores}
    for key, score in sorted(draft.scores.items()):
        if key in there:
            there[key].score = score
        else:
            review.scores.append(Score(criterion_id=key, score=score))


def _said(review: Review) -> dict[str, int]:
    """Scores by the id of a criterion, for the audit trail."""
    return {str(each.criterion_id): each.score for each in review.scores}


def _to_review(reference: str, by: Person, at: datetime) -> Assignment:
    """One at a time for each reviewer, so that nobody hands in the same review twice, and none after the decision."""
    calls.hold_call_of(reference)
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


def _to_score(reference: str, by: Person, at: datetime, version: int | None) -> Assignment:
    assignment = _to_review(reference, by, at)
    if assignment.has_conflict:
        raise HasConflict()
    if version is not None and version != assignment.version:
        raise StaleVersion(version=assignment.version)
    return assignment


def _check_whole(draft: ReviewDraft, call: Call) -> None:
    missing = [each.id for each in call.criteria if each.id not in draft.scores]
    if missing:
        raise InvalidInput(fields={f"scores.{key}": _CHOOSE for key in missing})
    _check_scores(draft, call)


def _check_scores(draft: ReviewDraft, call: Call) -> None:
    criteria = [each.id for each in call.criteria]
    if not fit_criteria(draft.scores, criteria):
        raise InvalidInput(fields={f"scores.{criteria[0]}": _CHOOSE})
