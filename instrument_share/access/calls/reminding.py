"""Who has a draft is told two days before its call closes, who has reviews to hand in three days before they are due:
once each, however many workers there are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from ...foundation.chores import Chore, claimed, one_by_one
from ...foundation.database import db
from ...foundation.signals import draft_near, reviews_near
from .models import Call
from .proposing.models import Proposal
from .reviewing.models import Reviewer
from .reviewing.queries import pairs
from .rules import ProposalState

_BEFORE_CLOSING, _BEFORE_DUE = timedelta(days=2), timedelta(days=3)
_PAGE = 200


def due_drafts(at: datetime, besides: Collection[int] = ()) -> Sequence[int]:
    """Drafts whose leads are to be told, the next to close first."""
    query = _drafts(at).where(Proposal.id.not_in(besides)).order_by(Call.closes_at, Proposal.id)
    return db.session.scalars(query.with_only_columns(Proposal.id).limit(_PAGE)).all()


def remind_lead(proposal_id: int, at: datetime) -> bool:
    """Tell the lead of a draft; False where another worker has done so or it is no longer due."""
    proposal = claimed(_drafts(at).where(Proposal.id == proposal_id))
    if proposal is None:
        return False
    proposal.reminded_at = at
    db.session.flush()
    draft_near.send(proposal, at=at)
    return True


def due_reviewers(at: datetime, besides: Collection[int] = ()) -> Sequence[int]:
    """Reviewers who are to be told, the next to be due first."""
    query = _reviewers(at).where(Reviewer.id.not_in(besides))
    query = query.order_by(Call.review_until, Reviewer.id)
    return db.session.scalars(query.with_only_columns(Reviewer.id).limit(_PAGE)).all()


def remind_reviewer(reviewer_id: int, at: datetime) -> bool:
    """Tell a reviewer who has reviews to hand in; whoever has none is passed over for good. False as above."""
    reviewer = claimed(_reviewers(at).where(Reviewer.id == reviewer_id))
    if reviewer is None:
        return False
    reviewer.reminded_at = at
    db.session.flush()
    if any(each.is_due for each in pairs([reviewer])):
        reviews_near.send(reviewer, at=at)
    return True


def _drafts(at: datetime) -> Select[Proposal]:
    return (
        select(Proposal)
        .join(Proposal.call)
        .where(
            Proposal.state == ProposalState.DRAFT,
            Proposal.reminded_at.is_(None),
            Call.opens_at <= at,
            Call.closes_at > at,
            Call.closes_at <= at + _BEFORE_CLOSING,
        )
    )


def _reviewers(at: datetime) -> Select[Reviewer]:
    return (
        select(Reviewer)
        .join(Reviewer.call)
        .where(
            Reviewer.reminded_at.is_(None),
            Call.decided_at.is_(None),
            Call.closes_at <= at,
            Call.review_until > at,
            Call.review_until <= at + _BEFORE_DUE,
        )
    )


CHORES = (
    Chore("drafts whose call closes soon", 900, one_by_one(due_drafts, remind_lead)),
    Chore("reviews that are soon due", 900, one_by_one(due_reviewers, remind_reviewer)),
)
