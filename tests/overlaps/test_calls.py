"""A call at the moment of its decision."""

from __future__ import annotations

from instrument_share.access.calls.deciding import services as deciding
from instrument_share.access.calls.errors import NotInReview, NotOpen
from instrument_share.access.calls.proposing import services as proposing
from instrument_share.access.calls.reviewing import services as reviewing
from instrument_share.access.calls.values import Grant, ReviewDraft
from instrument_share.foundation.database import db
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import Person
from tests.support.calls import IN_REVIEW, make_round
from tests.support.marks import postgresql_only
from tests.support.overlap import outcomes


@postgresql_only
def test_a_call_is_decided_on_what_reviewers_and_proposers_have_done(session, both):
    def decided_and(service, *given, by):
        found = both(
            doing_in_review(deciding.publish, story.call.reference, by=story.officer.id),
            doing_in_review(service, *given, by=by),
        )
        return outcomes(found)

    story, reviewer, proposal = _reviewed()
    draft = ReviewDraft(dict.fromkeys([it.id for it in story.call.criteria], 3), "Panel", "You")
    late = decided_and(reviewing.hand_in, proposal.reference, draft, by=reviewer.id)
    assert late == [None, NotInReview]
    story, _, proposal = _reviewed()
    late = decided_and(proposing.withdraw, proposal.reference, by=story.lead.id)
    assert late == [None, NotOpen]
    assert proposal.granted_minutes == 600


def _reviewed():
    story = make_round()
    proposal, reviewer = story.propose(), story.appoint()
    grants = {proposal.reference: Grant({story.call.facility.slug: 600}, "")}
    deciding.plan(story.call.reference, grants, by=story.officer, at=IN_REVIEW)
    return story, reviewer, proposal


def doing_in_review(service, *given, by):
    return lambda: perform(lambda: service(*given, by=db.session.get_one(Person, by), at=IN_REVIEW))
