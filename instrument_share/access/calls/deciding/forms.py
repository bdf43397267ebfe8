"""What whoever decides a call types: hours at each facility and an answer for each proposal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict

from ....foundation.http.schema import FormSchema, Text, load
from ...agreements.rules import MINUTES_PER_HOUR
from ..forms import filled, whole_hours
from ..models import Call
from ..proposing.models import Proposal
from ..values import Grant


def grants_from(
    form: MultiDict[str, str], proposals: Iterable[Proposal], call: Call
) -> dict[str, Grant]:
    """The plan that was typed: a field `hours-<reference>-<facility>` for each facility, and `answer-<reference>`.

    Raises InvalidInput.
    """
    references = [each.reference for each in proposals]
    slugs = [each.facility.slug for each in call.offers]
    rows: dict[str, Any] = {}
    for key in references:
        for slug in slugs:
            rows[f"hours-{key}-{slug}"] = whole_hours(least=0, load_default=0)
        rows[f"answer-{key}"] = Text(most=4000, lines=True, load_default="")
    data = load(FormSchema.from_dict(rows)(), filled(form))
    return {
        key: Grant(
            {slug: data[f"hours-{key}-{slug}"] * MINUTES_PER_HOUR for slug in slugs},
            data[f"answer-{key}"],
        )
        for key in references
    }


def values_of(proposals: Iterable[Proposal]) -> dict[str, Any]:
    """The plan as it is kept."""
    values: dict[str, Any] = {}
    for each in proposals:
        values[f"answer-{each.reference}"] = each.answer
        for it in each.grants:
            name = f"hours-{each.reference}-{it.offer.facility.slug}"
            values[name] = it.minutes // MINUTES_PER_HOUR
    return values
