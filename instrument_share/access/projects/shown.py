"""Projects as readers get them: in their language, ready for pages and JSON."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from ...catalogue.labels import FIELDS
from ...foundation.http import show
from ...foundation.languages import LANGUAGES
from ...identity.acting import actor_of
from ...identity.models import Institution, Person
from ...identity.rules import Permission, scopes_held
from ..agreements.queries import agreements_of
from ..agreements.rules import MINUTES_PER_HOUR
from ..pots import PotUse, use_of_allocations
from .labels import KINDS
from .models import Project
from .queries import Standing, facilities_to_allocate_at


def row(project: Project) -> dict[str, Any]:
    """A line of the list of projects."""
    return {
        "title": link_to(project),
        "kind": str(KINDS[project.kind]),
        "lead": project.lead.display_name if project.lead else None,
        "institutions": show.listed(_names(institutions_of(project))),
        "ends_on": show.date(project.ends_on) if project.ends_on else None,
    }


def link_to(project: Project) -> Markup:
    address = url_for("projects.show", reference=project.reference)
    return Markup('<a href="{}">{}</a>').format(address, show.localized(project.titles))


def facts(project: Project, standing: Standing) -> list[dict[str, Any]]:
    """What everybody may know; the agreement and grant numbers only its own people."""
    rows: list[tuple[str, Any]] = [
        (gettext("Reference"), project.reference),
        (gettext("Kind"), str(KINDS[project.kind])),
        (gettext("Research field"), str(FIELDS[project.field])),
        (gettext("Lead"), project.lead.display_name if project.lead else None),
        (gettext("Institutions"), show.listed(_names(institutions_of(project)))),
        (gettext("Until"), show.date(project.ends_on) if project.ends_on else None),
    ]
    if standing.is_inside:
        title = show.localized(project.agreement.titles) if project.agreement else None
        rows += [
            (gettext("Agreement"), title),
            (gettext("Grant numbers"), show.listed(project.grant_numbers)),
        ]
    return [{"label": label, "value": value} for label, value in rows]


def allocations_shown(project: Project) -> list[dict[str, Any]]:
    """Each allocation with what is left of it."""
    use = use_of_allocations([each.id for each in project.allocations])
    return [
        {
            "id": each.id,
            "when": gettext(
                "%(first)s to %(last)s",
                first=show.date(each.starts_on),
                last=show.date(each.ends_on),
            ),
            "where": show.localized(each.facility.names) if each.facility else gettext("Anywhere"),
            "hours": each.minutes // MINUTES_PER_HOUR,
            "bar": pot_bar(use[each.id]),
        }
        for each in project.allocations
    ]


def pot_bar(use: PotUse) -> dict[str, Any]:
    """What the macro `share_bar` shows of a pot of minutes."""
    text = gettext(
        "%(left)s of %(total)s are left. Used: %(used)s. Reserved: %(reserved)s.",
        left=show.minutes(use.left),
        total=show.minutes(use.granted),
        used=show.minutes(use.used),
        reserved=show.minutes(use.reserved),
    )
    parts = [(use.used, "used"), (use.reserved, "reserved")]
    return {"parts": parts, "total": max(use.granted, 1), "text": text}


def institutions_of(project: Project) -> list[Institution]:
    """Where its members come from, each once."""
    found = {each.institution.id: each.institution for each in project.members if each.institution}
    return sorted(found.values(), key=lambda each: each.slug)


def form_choices(person: Person) -> dict[str, Any]:
    """What the form of a project offers."""
    agreements = agreements_of(person, parties=False)
    return {
        "languages": [(language.tag, language.name, language.direction) for language in LANGUAGES],
        "kinds": [(str(kind), str(word)) for kind, word in KINDS.items()],
        "research_fields": [(str(code), str(word)) for code, word in FIELDS.items()],
        "agreements": [(each.reference, show.localized(each.titles)) for each in agreements],
    }


def facility_choices(person: Person) -> list[tuple[str, str]]:
    """The facilities at which the person may allocate time."""
    return [(it.slug, show.localized(it.names)) for it in facilities_to_allocate_at(person)]


def may_begin(person: Person) -> bool:
    return bool(scopes_held(actor_of(person), Permission.MANAGE_PROJECT, "host"))


def speaks_for_programme(person: Person) -> bool:
    """Whether the person may allocate time at no facility in particular."""
    return scopes_held(actor_of(person), Permission.ALLOCATE_TIME, "host").everywhere


def _names(institutions: list[Institution]) -> list[str]:
    return [show.localized(each.names) for each in institutions]
