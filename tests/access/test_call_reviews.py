"""Reviewers: who may judge what, who sees what, and that those who propose do not learn who they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from instrument_share.access.calls.deciding.queries import ranking
from instrument_share.access.calls.errors import (
    HandedIn,
    HasConflict,
    JudgesIt,
    NotInReview,
    OwnMatter,
    ReviewIsFinal,
    ReviewsStay,
)
from instrument_share.access.calls.proposing.services import leave, write_proposal
from instrument_share.access.calls.reminding import (
    due_drafts,
    due_reviewers,
    remind_lead,
    remind_reviewer,
)
from instrument_share.access.calls.reviewing import services
from instrument_share.access.calls.reviewing.models import UnfinishedReview
from instrument_share.access.calls.reviewing.queries import (
    assignment_for,
    assignments_of,
    others_said,
)
from instrument_share.access.calls.rules import Tie
from instrument_share.access.calls.values import ReviewDraft
from instrument_share.foundation.errors import InvalidInput, NotFound, StaleVersion
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import AuditEntry
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message

from ..support.builders import make_institution, make_person, make_project
from ..support.calls import CLOSES, DAY, IN_REVIEW, OPEN, REVIEWED, make_round, proposal_draft


def test_reviewers_are_appointed_told_and_read_from_the_deadline_on(session):
    it = make_round()
    proposal = it.propose()
    how = {"by": it.officer, "at": OPEN}
    reviewer = it.appoint()
    assert services.appoint(it.call.reference, reviewer.email, **how).person_id == reviewer.id
    told = session.query(Message).filter_by(kind="reviewer_appointed").all()
    assert [each.person_id for each in told] == [reviewer.id]
    with pytest.raises(InvalidInput):
        services.appoint(it.call.reference, "nobody@nowhere.example", **how)
    with pytest.raises(NotFound):
        services.appoint(it.call.reference, reviewer.email, by=reviewer, at=OPEN)
    assert assignments_of(reviewer, OPEN) == []
    with pytest.raises(NotFound):
        assignment_for(proposal.reference, by=reviewer, at=OPEN)
    assert [each.is_due for each in assignments_of(reviewer, CLOSES)] == [True]
    for stranger in (it.lead, it.officer, make_person()):
        with pytest.raises(NotFound):
            assignment_for(proposal.reference, by=stranger, at=IN_REVIEW)
    services.dismiss(it.call.reference, reviewer.id, **how)
    assert assignments_of(reviewer, CLOSES) == []


def test_a_review_is_whole(session):
    it = make_round()
    proposal, reviewer = it.propose(), it.appoint()
    first, second = (each.id for each in it.call.criteria)
    how = {"by": reviewer, "at": IN_REVIEW}
    for scores in ({}, {first: 3}, {first: 3, second: 6}, {first: 3, second: 4, 10**6: 1}):
        with pytest.raises(InvalidInput):
            services.hand_in(proposal.reference, ReviewDraft(scores, "", ""), **how)
    it.review(proposal, reviewer, 4)
    with pytest.raises(ReviewsStay):
        services.dismiss(it.call.reference, reviewer.id, by=it.officer, at=IN_REVIEW)


def test_a_draft_is_its_reviewers_alone_and_counts_for_nothing(session):
    it = make_round()
    proposal, reviewer, other = it.propose(), it.appoint(), it.appoint()
    it.review(proposal, other, 2)
    first, second = (each.id for each in it.call.criteria)
    keep, how = services.keep_unfinished, {"by": reviewer, "at": IN_REVIEW}
    with pytest.raises(InvalidInput):
        keep(proposal.reference, ReviewDraft({first: 6}, "", ""), **how)
    draft = ReviewDraft({first: 4}, "Hm", "", 600)
    assert keep(proposal.reference, draft, **how, version=0).version == 1
    own = assignment_for(proposal.reference, by=reviewer, at=IN_REVIEW)
    assert (own.is_due, own.counts, own.unfinished.scores) == (True, False, {str(first): 4})
    assert others_said(own) == []
    (candidate,) = ranking(it.call, IN_REVIEW)
    assert (candidate.standing.reviews, len(candidate.recommended_minutes)) == (1, 0)
    assert not any(each.unfinished for each in candidate.assignments)
    seen_by_other = assignment_for(proposal.reference, by=other, at=IN_REVIEW)
    assert (seen_by_other.unfinished, others_said(seen_by_other)) == (None, [])
    assert perform(remind_reviewer, due_reviewers(REVIEWED - DAY)[0], REVIEWED - DAY)
    assert session.query(Message).filter_by(kind="reviews_near").one().person_id == reviewer.id
    with pytest.raises(StaleVersion):
        keep(proposal.reference, draft, **how, version=0)
    review = services.hand_in(
        proposal.reference, replace(draft, scores={first: 4, second: 5}), **how, version=1
    )
    assert (review.version, session.query(UnfinishedReview).count()) == (2, 0)
    with pytest.raises(HandedIn):
        keep(proposal.reference, draft, **how)


def test_what_ties_a_reviewer_to_a_proposal_takes_their_draft_away(session):
    it = make_round()
    proposal, one, other = it.propose(), it.appoint(), it.appoint()
    for reviewer in (one, other):
        services.keep_unfinished(
            proposal.reference, ReviewDraft({}, "", "Hm"), by=reviewer, at=IN_REVIEW
        )
    services.declare(proposal.reference, "A friend", by=one, at=IN_REVIEW)
    services.dismiss(it.call.reference, other.id, by=it.officer, at=IN_REVIEW)
    session.flush()
    assert session.query(UnfinishedReview).count() == 0


def test_a_review_is_changed_until_reviews_are_due(session):
    it = make_round()
    proposal, reviewer = it.propose(), it.appoint()
    review = it.review(proposal, reviewer, 4)
    draft = ReviewDraft({each.id: 2 for each in it.call.criteria}, "On reflection", "")
    how = {"by": reviewer, "at": REVIEWED - timedelta(seconds=1)}
    with pytest.raises(StaleVersion):
        services.hand_in(proposal.reference, draft, **how, version=0)
    changed = services.hand_in(proposal.reference, draft, **how, version=1)
    assert (changed.id, changed.version, changed.changed_at) == (review.id, 2, how["at"])
    assert ranking(it.call, IN_REVIEW)[0].standing.mean == 2
    session.commit()
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "call.review_changed"))
    assert set(entry.details["before"].values()) == {4}
    assert set(entry.details["scores"].values()) == {2}
    with pytest.raises(ReviewIsFinal):
        services.hand_in(proposal.reference, draft, by=reviewer, at=REVIEWED)


def test_others_reviews_are_seen_after_ones_own(session):
    it = make_round()
    proposal, one, other = it.propose(), it.appoint(), it.appoint()
    it.review(proposal, one, 2)

    def seen_by(person):
        assignment = assignment_for(proposal.reference, by=person, at=IN_REVIEW)
        return [each.to_panel for each in others_said(assignment)]

    assert seen_by(other) == []
    it.review(proposal, other, 5)
    assert (seen_by(other), seen_by(one)) == (["Panel 2"], ["Panel 5"])
    services.declare(proposal.reference, "We compete", by=one, at=IN_REVIEW)
    assert (seen_by(other), seen_by(one)) == ([], [])


def test_whoever_has_a_stake_neither_scores_nor_sees(session):
    it = make_round()
    with_them = make_person(make_institution())
    colleague, friend = make_person(with_them.institution), make_person(make_institution())
    make_project(it.lead, friend)
    proposal = it.propose(with_whom=(with_them.email,))
    for person, tie in (
        (with_them, Tie.OWN), (colleague, Tie.INSTITUTION), (friend, Tie.PROJECT),
    ):  # fmt: skip
        it.appoint(person)
        assignment = assignment_for(proposal.reference, by=person, at=IN_REVIEW)
        assert (assignment.tie, assignment.is_due) == (tie, False)
        with pytest.raises(HasConflict):
            it.review(proposal, person, 5)
        assert others_said(assignment) == []
    honest = it.appoint()
    with pytest.raises(InvalidInput):
        services.declare(proposal.reference, " ", by=honest, at=IN_REVIEW)
    services.declare(proposal.reference, "My former student", by=honest, at=IN_REVIEW)
    with pytest.raises(HasConflict):
        it.review(proposal, honest, 5)


def test_leads_of_drafts_and_reviewers_are_reminded_once(session):
    it = make_round()
    draft = write_proposal(
        it.call.reference, proposal_draft(it.slug), submit=False, by=it.lead, at=OPEN
    )
    handed_in = it.propose(make_person(make_institution()))
    busy, done = it.appoint(), it.appoint()
    it.review(handed_in, done, 4)
    session.commit()
    hour = timedelta(hours=1)
    for at, due in (
        (CLOSES - 2 * DAY - hour, []), (CLOSES - 2 * DAY, [draft.id]), (CLOSES, []),
    ):  # fmt: skip
        assert due_drafts(at) == due
    for at, count in ((CLOSES - hour, 0), (REVIEWED - 3 * DAY, 2), (REVIEWED, 0)):
        assert len(due_reviewers(at)) == count
    before, late = CLOSES - DAY, REVIEWED - DAY
    assert [perform(remind_lead, draft.id, before) for _ in range(2)] == [True, False]
    for reviewer in due_reviewers(late):
        assert perform(remind_reviewer, reviewer, late)
    assert due_reviewers(late) == []
    told = session.query(Message).filter(Message.kind.in_(("draft_near", "reviews_near"))).all()
    assert [(each.person_id, each.kind) for each in told] == [
        (it.lead.id, "draft_near"),
        (busy.id, "reviews_near"),
    ]
    assert "closes on" in compose(told[0]).get_body(("plain",)).get_content()


def test_an_officer_who_proposes_something_appoints_nobody(session):
    it = make_round()
    it.propose(it.officer)
    with pytest.raises(OwnMatter):
        it.appoint()


def test_nobody_leaves_a_proposal_to_judge_it(session):
    """Without it a name taken out after the deadline would make the own proposal a stranger's."""
    it = make_round()
    reviewer, free = it.appoint(), make_person()
    named = [each.email for each in (reviewer, it.officer, free)]
    proposal = it.propose(with_whom=tuple(named))
    for judge in (reviewer, it.officer):
        with pytest.raises(JudgesIt):
            leave(proposal.reference, by=judge, at=IN_REVIEW)
    assert assignment_for(proposal.reference, by=reviewer, at=IN_REVIEW).tie is Tie.OWN
    leave(proposal.reference, by=free, at=IN_REVIEW)
    assert {each.email for each in proposal.members} == set(named[:2])


def test_reviews_are_taken_in_review_only(session):
    it = make_round()
    proposal, reviewer = it.propose(), it.appoint()
    it.call.decided_at = CLOSES
    session.flush()
    for act in (
        lambda: it.review(proposal, reviewer, 3),
        lambda: services.declare(proposal.reference, "x", by=reviewer, at=IN_REVIEW),
        lambda: services.dismiss(it.call.reference, reviewer.id, by=it.officer, at=IN_REVIEW),
    ):
        with pytest.raises(NotInReview):
            act()
