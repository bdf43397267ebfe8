"""The ranking of a call and the plan for it, ready for the page of whoever decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext

from ....foundation.http import show
from ..labels import TIES
from ..models import Call, Offer
from ..proposing.models import Proposal
from ..reviewing.shown import review_shown
from ..shown import people, wishes
from .queries import Candidate


def candidate_shown(candidate: Candidate, call: Call) -> dict[str, Any]:
    """A proposal in the ranking, ready for the page."""
    proposal, mean = candidate.proposal, candidate.standing.mean
    return {
        "place": candidate.place,
        "proposal": proposal,
        "mean": "–" if mean is None else show.number(round(float(mean), 2)),
        "spread": show.number(round(float(candidate.standing.spread), 2)),
        "count": candidate.standing.reviews,
        "people": people(proposal),
        "hours": [_hours_at(each, proposal) for each in call.offers],
        "wishes": [*wishes(proposal), _recommended(candidate)],
        "conflicts": [
            {
                "name": each.reviewer.person.display_name,
                "why": str(TIES[each.tie]) if each.tie else "",
                "words": each.declared.words if each.declared else "",
            }
            for each in candidate.conflicts
        ],
        "reviews": [
            (each.reviewer.person.display_name, review_shown(each.review, call))
            for each in candidate.reviews
            if each.review is not None
        ],
    }


def plan_shown(candidates: Sequence[Candidate], call: Call) -> dict[str, Any]:
    """What the plan comes to."""
    proposals = [each.proposal for each in candidates]
    minutes = [each.granted_minutes or 0 for each in proposals]
    return {
        "granted": sum(each > 0 for each in minutes),
        "refused": sum(each == 0 for each in minutes),
        "total": show.minutes(sum(minutes)),
        "left": [
            {
                "label": gettext("Left over")
                if len(call.offers) == 1
                else gettext(
                    "Left over at %(facility)s", facility=show.localized(it.facility.names)
                ),
                "value": show.minutes(
                    it.minutes - sum(each.granted_at(it.facility_id) or 0 for each in proposals)
                ),
            }
            for it in call.offers
        ],
    }


def _hours_at(offer: Offer, proposal: Proposal) -> dict[str, Any]:
    """A facility of the call, with what a proposal asks for there and gets."""
    facility, granted = offer.facility, proposal.granted_at(offer.facility_id)
    wished = proposal.wished_at(facility.id)
    return {
        "slug": facility.slug,
        "name": show.localized(facility.names),
        "wished": show.minutes(wished) if wished else None,
        "granted": None if granted is None else show.minutes(granted),
    }


def _recommended(candidate: Candidate) -> dict[str, Any]:
    """What reviewers would grant, as one of the facts of a proposal."""
    times = [show.minutes(each) for each in candidate.recommended_minutes]
    return {
        "label": gettext("Reviewers would grant"),
        "value": show.listed(times) if times else None,
    }
