"""What whoever decides a call sees: proposals in the order of their reviews, with who may not judge them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from ....files.models import StoredFile
from ....foundation.database import db
from ....foundation.errors import NotFound
from ....foundation.identifiers import digest_of
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.rules import Permission
from .. import queries as calls
from ..errors import OwnMatter
from ..models import Call
from ..proposing.models import Proposal
from ..proposing.queries import is_own_matter, proposal_of, proposes
from ..reviewing.assignment import Assignment
from ..reviewing.models import Conflict, Review, Reviewer
from ..reviewing.queries import assignment_for, assignments_in, proposals_in
from ..reviewing.shown import scores_of, weights_of
from ..rules import CallState, ProposalState, Standing, ranked, standing

_RANKED = frozenset({CallState.IN_REVIEW, CallState.DECIDED})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal in its place, what its reviews say together, and every reviewer's part in it."""

    place: int
    proposal: Proposal
    standing: Standing
    assignments: Sequence[Assignment]

    @property
    def conflicts(self) -> list[Assignment]:
        return [each for each in self.assignments if each.has_conflict]

    @property
    def recommended_minutes(self) -> list[int]:
        """What reviewers would grant, from the least to the most."""
        found = (each.review.recommended_minutes for each in self.reviews if each.review)
        return sorted(each for each in found if each is not None)

    @property
    def reviews(self) -> list[Assignment]:
        return [each for each in self.assignments if each.counts]


def call_to_decide(reference: str, *, by: Person, to_change: bool = False) -> Call:
    """A call, with its reviewers, for whoever decides it.

    Raises NotFound where `by` does not, and OwnMatter where they, or whom they stand in for, propose something in it.
    """
    call = calls.call_of(reference, to_change=to_change)
    if not calls.may_in(actor_of(by), Permission.DECIDE_CALL, call):
        raise NotFound()
    if is_own_matter(by, call, Permission.DECIDE_CALL):
        raise OwnMatter()
    return call


def reviewers_of(call: Call) -> Sequence[Reviewer]:
    """Who was appointed, in that order, with their institutions."""
    return db.session.scalars(
        select(Reviewer)
        .where(Reviewer.call_id == call.id)
        .options(selectinload(Reviewer.person).joinedload(Person.institution))
        .order_by(Reviewer.id)
    ).all()


def ranking(call: Call, at: datetime) -> list[Candidate]:
    """The proposals of a call, the best first; nothing before the deadline."""
    if call.state(at) not in _RANKED:
        return []
    proposals = {each.reference: each for each in proposals_in([call.id])}
    parts: dict[str, list[Assignment]] = defaultdict(list)
    for each in assignments_in(call):
        parts[each.proposal.reference].append(each)
    weights = weights_of(call)
    standings = {
        reference: standing(
            (scores_of(it.review) for it in parts[reference] if it.counts and it.review), weights
        )
        for reference in proposals
    }
    return [
        Candidate(place, proposals[key], standings[key], parts[key])
        for place, key in enumerate(ranked(standings), 1)
    ]


def mark_of(proposals: Iterable[Proposal]) -> str:
    """A sign for what is planned for these proposals: another plan has another one."""
    planned = sorted((it.reference, _planned(it), it.answer) for it in proposals)
    return digest_of(repr(planned))[:16]


def _planned(proposal: Proposal) -> list[tuple[int, int]] | None:
    if proposal.granted_minutes is None:
        return None
    return sorted((it.offer_id, it.minutes) for it in proposal.grants)


def outcome_of(call: Call) -> tuple[int, int, int]:
    """How many proposals a decided call had, how many got time, and how many minutes together."""
    row = db.session.execute(
        select(
            func.count(),
            func.count().filter(Proposal.granted_minutes > 0),
            func.coalesce(func.sum(Proposal.granted_minutes), 0),
        ).where(Proposal.call_id == call.id, Proposal.state == ProposalState.SUBMITTED)
    ).one()
    return row[0], row[1], int(row[2] or 0)


def file_for(reference: str, *, by: Person, at: datetime) -> StoredFile:
    """The file of a proposal: for those who propose it; from the deadline on for its reviewers without a conflict, too,
    and for whoever decides its call. Raises NotFound for everybody else.
    """
    proposal = proposal_of(reference)
    if proposal.file is None:
        raise NotFound()
    if proposes(by, proposal) or _decides(by, proposal, at):
        return proposal.file
    if assignment_for(reference, by=by, at=at).has_conflict:
        raise NotFound()
    return proposal.file


def _decides(by: Person, proposal: Proposal, at: datetime) -> bool:
    call = proposal.call
    return (
        proposal.state == ProposalState.SUBMITTED
        and call.state(at) in _RANKED
        and calls.may_in(actor_of(by), Permission.DECIDE_CALL, call)
        and not is_own_matter(by, call, Permission.DECIDE_CALL)
    )


def comments_on(proposal: Proposal) -> list[str]:
    """What reviewers say to those who propose it, in an order that tells nothing of who said what."""
    conflicted = exists().where(
        Conflict.proposal_id == Review.proposal_id, Conflict.reviewer_id == Review.reviewer_id
    )
    found = db.session.scalars(
        select(Review.to_applicant).where(
            Review.proposal_id == proposal.id, Review.to_applicant != "", ~conflicted
        )
    )
    return sorted(found)
