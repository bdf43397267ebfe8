"""Who is told what happens with proposals and their reviews."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ..access.calls.models import Proposal, Reviewer
from ..foundation.signals import proposal_changed, reviewer_appointed
from ..identity.models import Person
from .plain import facts_of
from .rules import Kind
from .services import tell

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


def _proposal_changed(
    proposal: Proposal,
    *,
    what: str,
    people: Collection[int],
    by: Person,
    at: datetime,
    comment: str,
) -> None:
    facts = facts_of(
        f"/proposals/{proposal.reference}",
        comment=comment,
        by=by.display_name if comment else "",
        proposal=proposal.title,
        reference=proposal.reference,
        call=proposal.call.titles,
        person=by.display_name,
        granted_minutes=proposal.granted_minutes or 0,
    )
    tell(dict.fromkeys(people, _KINDS[what]), facts, booking_id=None, at=at)


def _reviewer_appointed(reviewer: Reviewer, *, by: Person, at: datetime) -> None:
    facts = facts_of("/reviews", call=reviewer.call.titles)
    tell({reviewer.person_id: Kind.REVIEWER_APPOINTED}, facts, booking_id=None, at=at)
