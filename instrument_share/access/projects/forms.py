"""What people type about projects."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from ...catalogue.rules import ResearchField
from ...foundation.http.schema import Day, FormSchema, Text, load, one_sentence
from ...foundation.languages import LANGUAGES
from ..agreements.rules import MINUTES_PER_HOUR
from ..rules import ProjectKind
from .models import Project
from .values import AllocationDraft, ProjectDraft

_DAY = one_sentence(lazy_gettext("Choose a day."))
_HOURS = lazy_gettext("Write a whole number of hours.")


def one_of(values: Any) -> validate.OneOf:
    return validate.OneOf(list(values), error=lazy_gettext("Choose one of these."))


_TITLES: dict[str, Any] = {
    f"title_{language.tag}": Text(most=300, load_default="") for language in LANGUAGES
}
_FORM = FormSchema.from_dict(
    {
        **_TITLES,
        "kind": fields.String(load_default="joint_project", validate=one_of(ProjectKind)),
        "field": fields.String(load_default="new_materials", validate=one_of(ResearchField)),
        "lead": Text(required=True, most=254),
        "agreement": Text(most=40, load_default=None),
        "grant_numbers": Text(most=1000, lines=True, load_default=""),
        "ends_on": Day(load_default=None, error_messages=_DAY),
    },
    name="ProjectForm",
)


class HoursForm(FormSchema):
    """Hours of an allocation."""

    hours = fields.Integer(
        required=True,
        validate=validate.Range(0, 1_000_000, error=_HOURS),
        error_messages=one_sentence(_HOURS),
    )


class AllocationForm(HoursForm):
    starts_on = Day(required=True, error_messages=_DAY)
    ends_on = Day(required=True, error_messages=_DAY)
    facility = Text(most=80, load_default=None)


class NoteForm(FormSchema):
    note = Text(most=1000, lines=True, load_default="")


class InviteForm(FormSchema):
    email = Text(required=True, most=254)


def draft_from(form: MultiDict[str, str]) -> ProjectDraft:
    """The project that was typed. Raises InvalidInput, field by field."""
    data = load(_FORM(), _filled(form))
    return ProjectDraft(
        titles={language.tag: data[f"title_{language.tag}"] for language in LANGUAGES},
        kind=data["kind"],
        field=data["field"],
        lead=data["lead"],
        agreement=data["agreement"],
        grant_numbers=tuple(filter(None, map(str.strip, data["grant_numbers"].splitlines()))),
        ends_on=data["ends_on"],
    )


def allocation_from(form: MultiDict[str, str]) -> AllocationDraft:
    """The allocation that was typed. Raises InvalidInput."""
    data = load(AllocationForm(), _filled(form))
    return AllocationDraft(
        data["hours"] * MINUTES_PER_HOUR, data["starts_on"], data["ends_on"], data["facility"]
    )


def minutes_from(form: MultiDict[str, str]) -> int:
    return int(load(HoursForm(), _filled(form))["hours"]) * MINUTES_PER_HOUR


def values_of(project: Project) -> dict[str, Any]:
    """What the form shows when a project is changed."""
    titles = {f"title_{tag}": text for tag, text in project.titles.items()}
    return titles | {
        "kind": project.kind,
        "field": project.field,
        "lead": project.lead.email if project.lead else "",
        "agreement": project.agreement.reference if project.agreement else "",
        "grant_numbers": "\n".join(project.grant_numbers),
        "ends_on": project.ends_on.isoformat() if project.ends_on else "",
    }


def _filled(form: MultiDict[str, str]) -> dict[str, str]:
    return {name: value for name, value in form.items() if value != ""}
