"""What whoever decides a call types: hours and an answer for each proposal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import EXCLUDE
from werkzeug.datastructures import MultiDict

from ....foundation.http.schema import BaseSchema, Text, load
from ...agreements.rules import MINUTES_PER_HOUR
from ..forms import filled, whole_hours
from ..models import Proposal
from ..values import Grant


def grants_from(form: MultiDict[str, str], proposals: Iterable[Proposal]) -> dict[str, Grant]:
    """The plan that was typed: fields `hours-<reference>` and `answer-<reference>`. Raises InvalidInput."""
    references = [each.reference for each in proposals]
    rows: dict[str, Any] = {}
    for key in references:
        rows[f"hours-{key}"] = whole_hours(least=0, load_default=0)
        rows[f"answer-{key}"] = Text(most=4000, lines=True, load_default="")
    data = load(BaseSchema.from_dict(rows)(unknown=EXCLUDE), filled(form))
    return {
        key: Grant(data[f"hours-{key}"] * MINUTES_PER_HOUR, data[f"answer-{key}"])
        for key in references
    }


def values_of(proposals: Iterable[Proposal]) -> dict[str, Any]:
    """The plan as it is kept."""
    values: dict[str, Any] = {}
    for each in proposals:
        values[f"answer-{each.reference}"] = each.answer
        if each.granted_minutes is not None:
            values[f"hours-{each.reference}"] = each.granted_minutes // MINUTES_PER_HOUR
    return values
