"""What is typed into a proposal."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from ....catalogue.rules import ResearchField
from ....files.http import chosen
from ....foundation.http.schema import FormSchema, Text, load
from ...agreements.rules import MINUTES_PER_HOUR
from ...projects.forms import one_of
from ..forms import filled, whole_hours
from ..models import Call
from ..values import ProposalDraft
from .models import Proposal

#: In front of the slug of an instrument: the field for its hours.
HOURS = "hours-"


class _Form(FormSchema):
    title = Text(required=True, most=300)
    abstract = Text(most=20_000, lines=True, load_default="")
    field = fields.String(
        required=True,
        validate=one_of(ResearchField),
        error_messages={"required": lazy_gettext("Choose a research field.")},
    )
    with_whom = Text(most=4000, lines=True, load_default="")


def draft_from(form: MultiDict[str, str], call: Call) -> ProposalDraft:
    """The proposal that was typed. Raises InvalidInput, field by field."""
    names = [f"{HOURS}{each.slug}" for each in call.instruments]
    schema = _Form.from_dict({name: whole_hours(least=0, load_default=0) for name in names})
    data = load(schema(), filled(form))
    return ProposalDraft(
        title=data["title"],
        abstract=data["abstract"],
        field=data["field"],
        wishes={name.removeprefix(HOURS): data[name] * MINUTES_PER_HOUR for name in names},
        file=next(iter(chosen("file")), None),
        with_whom=tuple(dict.fromkeys(filter(None, re.split(r"[\s,;]+", data["with_whom"])))),
    )


def values_of(proposal: Proposal) -> dict[str, Any]:
    """What the form shows when a proposal is changed."""
    hours = {
        f"{HOURS}{each.instrument.slug}": each.minutes // MINUTES_PER_HOUR
        for each in proposal.wishes
    }
    return hours | {
        "title": proposal.title,
        "abstract": proposal.abstract,
        "field": proposal.field,
        "with_whom": "\n".join(each.email for each in proposal.members),
    }
