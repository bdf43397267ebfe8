"""Reviews as their readers get them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from ....foundation.http import show
from ..models import Call
from ..rules import SCORES, weighted_mean
from .models import Review

#: What a score says, from the best to the worst.
WORDS = {
    5: lazy_gettext("5 – excellent"),
    4: lazy_gettext("4 – very good"),
    3: lazy_gettext("3 – good"),
    2: lazy_gettext("2 – fair"),
    1: lazy_gettext("1 – poor"),
}


def score_options() -> list[tuple[int, str]]:
    return [(each, str(WORDS[each])) for each in reversed(SCORES)]


def weights_of(call: Call) -> dict[int, int]:
    return {each.id: each.weight for each in call.criteria}


def scores_of(review: Review) -> dict[int, int]:
    return {each.criterion_id: each.score for each in review.scores}


def review_shown(review: Review, call: Call) -> dict[str, Any]:
    """A review without who gave it."""
    scores = scores_of(review)
    return {
        "mean": show.number(round(float(weighted_mean(scores, weights_of(call))), 2)),
        "scores": [
            {"label": show.localized(each.names), "value": str(WORDS[scores[each.id]])}
            for each in call.criteria
        ],
        "to_panel": review.to_panel,
        "to_applicant": review.to_applicant,
        "changed_at": review.changed_at,
        "hours": None
        if review.recommended_minutes is None
        else show.minutes(review.recommended_minutes),
    }
