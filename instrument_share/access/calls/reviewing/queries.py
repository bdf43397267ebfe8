"""Reading what reviewers have to do, what ties them to proposals, and what they said. A fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ....catalogue.models import Facility
from ....foundation.database import db
from ....foundation.errors import NotFound
from ....foundation.transaction import is_only_reading
from ....identity.models import Person
from ...projects.models import project_member
from ..models import Call
from ..proposing.models import Proposal
from ..proposing.queries import WHOLE
from ..rules import CallState, Interests, ProposalState, tie_between
from .assignment import Assignment
from .models import Conflict, Review, Reviewer, UnfinishedReview

#: From the deadline on reviewers read proposals.
_READABLE = frozenset({CallState.IN_REVIEW, CallState.DECIDED})
#: Read anew what a request has read before it waited for its turn.
_AS_IT_IS = {"populate_existing": True}


#: By the ids of a reviewer and a proposal.
Unfinished = Mapping[tuple[int, int], UnfinishedReview]


def assignments_of(person: Person, at: datetime) -> list[Assignment]:
    """What the person is to review, in calls whose deadline is over; the next to be due first."""
    rows = db.session.scalars(
        select(Reviewer)
        .join(Reviewer.call)
        .where(Reviewer.person_id == person.id)
        .options(*_CALLED)
        .order_by(Call.review_until.desc(), Call.id)
    ).all()
    found = [each for each in rows if each.call.state(at) in _READABLE]
    return pairs(found, _unfinished_by(found))


def assignment_for(reference: str, *, by: Person, at: datetime) -> Assignment:
    """A proposal that the person was asked to review. Raises NotFound for everybody else, and before the deadline."""
    reviewer = db.session.scalar(
        select(Reviewer)
        .join(Proposal, Proposal.call_id == Reviewer.call_id)
        .where(Proposal.reference == reference, Reviewer.person_id == by.id)
        .options(*_CALLED)
    )
    if reviewer is None or reviewer.call.state(at) not in _READABLE:
        raise NotFound()
    own = pairs([reviewer], _unfinished_by([reviewer]))
    found = [each for each in own if each.proposal.reference == reference]
    if not found:
        raise NotFound()
    return found[0]


def assignments_in(call: Call) -> list[Assignment]:
    """Every reviewer of a call with every proposal that was handed in."""
    rows = db.session.scalars(
        select(Reviewer).where(Reviewer.call_id == call.id).options(*_CALLED).order_by(Reviewer.id)
    )
    return pairs(rows.all())


def pairs(
    reviewers: Sequence[Reviewer], unfinished: Unfinished = MappingProxyType({})
) -> list[Assignment]:
    """Each of these reviewers with each proposal of their call that was handed in."""
    proposals = proposals_in({each.call_id for each in reviewers}) if reviewers else []
    if not proposals:
        return []
    interests = _interests([*(each.person for each in reviewers), *_people(proposals)])
    ids = [each.id for each in reviewers]
    reviews = {(it.reviewer_id, it.proposal_id): it for it in _reviews_by(ids)}
    declared = {(it.reviewer_id, it.proposal_id): it for it in _conflicts_of(ids)}
    return [
        Assignment(
            reviewer,
            proposal,
            tie_between(
                interests[reviewer.person_id], (interests[it.id] for it in proposal.people)
            ),
            declared.get((reviewer.id, proposal.id)),
            reviews.get((reviewer.id, proposal.id)),
            unfinished.get((reviewer.id, proposal.id)),
        )
        for reviewer in reviewers
        for proposal in proposals
        if proposal.call_id == reviewer.call_id
    ]


def proposals_in(calls: Iterable[int]) -> Sequence[Proposal]:
    """What was handed in to these calls (by id), and not withdrawn, in the order of coming."""
    return db.session.scalars(
        select(Proposal)
        .where(Proposal.call_id.in_(calls), Proposal.state == ProposalState.SUBMITTED)
        .options(*WHOLE)
        .order_by(Proposal.submitted_at, Proposal.id)
    ).all()


def others_said(assignment: Assignment) -> list[Review]:
    """What the other reviewers said of the proposal, for who has handed in their own; conflicts do not count."""
    if not assignment.counts:
        return []
    call = assignment.reviewer.call
    return [
        each.review
        for each in assignments_in(call)
        if each.proposal.id == assignment.proposal.id
        and each.reviewer.id != assignment.reviewer.id
        and each.counts
        and each.review is not None
    ]


def _people(proposals: Iterable[Proposal]) -> list[Person]:
    return [person for proposal in proposals for person in proposal.people]


def _interests(people: Iterable[Person]) -> dict[int, Interests]:
    known = {each.id: each for each in people}
    projects: dict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        select(project_member.c.person_id, project_member.c.project_id).where(
            project_member.c.person_id.in_(known)
        )
    )
    for person_id, project_id in rows:
        projects[person_id].add(project_id)
    return {
        each.id: Interests(each.id, each.institution_id, frozenset(projects[each.id]))
        for each in known.values()
    }


def _reviews_by(reviewers: Sequence[int]) -> Sequence[Review]:
    return db.session.scalars(
        select(Review)
        .where(Review.reviewer_id.in_(reviewers))
        .options(selectinload(Review.scores)),
        execution_options=_AS_IT_IS,
    ).all()


def _unfinished_by(reviewers: Sequence[Reviewer]) -> Unfinished:
    """What they have not handed in, by reviewer and proposal; nothing for whoever views the site as one of them."""
    if not reviewers or is_only_reading():
        return {}
    ids = [each.id for each in reviewers]
    rows = db.session.scalars(
        select(UnfinishedReview).where(UnfinishedReview.reviewer_id.in_(ids)),
        execution_options=_AS_IT_IS,
    )
    return {(each.reviewer_id, each.proposal_id): each for each in rows}


def _conflicts_of(reviewers: Sequence[int]) -> Sequence[Conflict]:
    return db.session.scalars(select(Conflict).where(Conflict.reviewer_id.in_(reviewers))).all()


_CALLED = (
    joinedload(Reviewer.person).joinedload(Person.institution),
    joinedload(Reviewer.call).joinedload(Call.facility).joinedload(Facility.host),
    joinedload(Reviewer.call).selectinload(Call.criteria),
)
