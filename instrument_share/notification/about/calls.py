"""Who is told what happens with proposals and their reviews."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ...access.calls.proposing.models import Proposal
from ...access.calls.reviewing.models import Reviewer
from ...foundation.clock import zone
from ...foundation.localized import LocalizedText
from ...foundation.signals import draft_near, proposal_changed, reviewer_appointed, reviews_near
from ...identity.models import Person
from ..facts.plain import plain_facts
from ..rules import Kind
from ..services import tell

_KINDS = {
    "submitted": Kind.PROPOSAL_RECEIVED,
    "named": Kind.PROPOSAL_NAMED,
    "left": Kind.PROPOSAL_LEFT,
    "granted": Kind.PROPOSAL_GRANTED,
    "refused": Kind.PROPOSAL_REFUSED,
}


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    proposal_changed.connect(_proposal_changed)
    reviewer_appointed.connect(_reviewer_appointed)
    draft_near.connect(_draft_near)
    reviews_near.connect(_reviews_near)


def _proposal_changed(
    proposal: Proposal,
    *,
    what: str,
    people: Collection[int],
    by: Person,
    at: datetime,
    comment: str,
) -> None:
    facts = plain_facts(
        f"/proposals/{proposal.reference}",
        comment=comment,
        by=by.display_name if comment else "",
        proposal=proposal.title,
        reference=proposal.reference,
        call=proposal.call.titles,
        person=by.display_name,
        granted_minutes=proposal.granted_minutes or 0,
        shares=_shares(proposal),
    )
    tell(dict.fromkeys(people, _KINDS[what]), facts, at=at)


def _shares(proposal: Proposal) -> tuple[tuple[LocalizedText, int], ...]:
    """What each facility gives, where several do."""
    given = [it for it in proposal.grants if it.minutes]
    if len(given) < 2:
        return ()
    return tuple((it.offer.facility.names, it.minutes) for it in given)


def _reviewer_appointed(reviewer: Reviewer, *, by: Person, at: datetime) -> None:
    facts = plain_facts("/reviews", call=reviewer.call.titles)
    tell({reviewer.person_id: Kind.REVIEWER_APPOINTED}, facts, at=at)


def _draft_near(proposal: Proposal, *, at: datetime) -> None:
    call = proposal.call
    facts = plain_facts(
        f"/proposals/{proposal.reference}",
        proposal=proposal.title,
        call=call.titles,
        day=_day(call.closes_at, call.time_zone),
    )
    tell({proposal.lead_id: Kind.DRAFT_NEAR}, facts, at=at)


def _reviews_near(reviewer: Reviewer, *, at: datetime) -> None:
    call = reviewer.call
    day = _day(call.review_until, call.time_zone)
    facts = plain_facts("/reviews", call=call.titles, day=day)
    tell({reviewer.person_id: Kind.REVIEWS_NEAR}, facts, at=at)


def _day(moment: datetime, time_zone: str) -> str:
    """The facility's day of a moment; the page has the time on both clocks."""
    return moment.astimezone(zone(time_zone)).date().isoformat()
