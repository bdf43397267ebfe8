"""What reviewers type."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from ....foundation.http.schema import FormSchema, Text, load, one_sentence
from ...agreements.rules import MINUTES_PER_HOUR
from ..forms import filled, whole_hours
from ..models import Call
from ..rules import SCORES
from ..values import ReviewDraft
from .assignment import Assignment
from .models import Review
from .shown import scores_of

_SCORE = lazy_gettext("Choose a score.")


class WordsForm(FormSchema):
    """Why somebody should not judge a proposal."""

    words = Text(most=1000, lines=True, load_default="")


class _Form(FormSchema):
    to_panel = Text(most=8000, lines=True, load_default="")
    to_applicant = Text(most=8000, lines=True, load_default="")
    hours = whole_hours(least=0, load_default=None)


def draft_from(form: MultiDict[str, str], call: Call, *, whole: bool) -> ReviewDraft:
    """The review that was typed: a field `score-<id>` for each criterion, every one where it is to be `whole`.

    Raises InvalidInput.
    """
    scores: dict[str, Any] = {
        f"score-{each.id}": fields.Integer(
            required=whole,
            validate=validate.OneOf(list(SCORES), error=_SCORE),
            error_messages=one_sentence(_SCORE),
        )
        for each in call.criteria
    }
    data = load(_Form.from_dict(scores)(), filled(form))
    given = {each.id: data.get(f"score-{each.id}") for each in call.criteria}
    hours = data["hours"]
    return ReviewDraft(
        scores={key: score for key, score in given.items() if score is not None},
        to_panel=data["to_panel"],
        to_applicant=data["to_applicant"],
        recommended_minutes=None if hours is None else hours * MINUTES_PER_HOUR,
    )


def values_of(assignment: Assignment) -> dict[str, Any]:
    """What the form begins with: what was written last, handed in or not."""
    kept = assignment.review or assignment.unfinished
    if kept is None:
        return {}
    scores = scores_of(kept) if isinstance(kept, Review) else kept.scores
    hours = kept.recommended_minutes
    return {f"score-{key}": score for key, score in scores.items()} | {
        "to_panel": kept.to_panel,
        "to_applicant": kept.to_applicant,
        "hours": "" if hours is None else hours // MINUTES_PER_HOUR,
    }
